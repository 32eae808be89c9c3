"""Which streams can prove what their packets promise."""

from collections.abc import Callable
from typing import Protocol

from av.packet import Packet
from av.video.codeccontext import VideoCodecContext

from components.video_decoding.bitstream.h264 import H264Pictures
from components.video_decoding.bitstream.hevc import HevcPictures
from components.video_decoding.bitstream.picture import Picture, UnprovenError

# Decoders of other formats start with any packet and call what comes out whole, or show two pictures of one packet.
_READERS: dict[str, Callable[[bytes], "_Pictures"]] = {"h264": H264Pictures, "hevc": HevcPictures}


class _Pictures(Protocol):
    def read(self, packet: bytes) -> Picture: ...


class PictureReader:
    """Reads the pictures of a stream's packets as long as they prove what they are."""

    def __init__(self, context: VideoCodecContext) -> None:
        """Takes the decoder's context, which knows the stream's header."""
        self.pictures: list[Picture] | None = []
        """Those of all packets so far, None as soon as one proves nothing."""
        self._reader: _Pictures | None = None
        try:
            self._reader = _READERS[context.name](context.extradata or b"")
        except (KeyError, UnprovenError):
            self.pictures = None

    def add(self, packet: Packet) -> None:
        """Reads the next packet in the order of decoding."""
        if self.pictures is None or self._reader is None:
            return
        try:
            # From here on the stream has another header.
            if packet.has_sidedata("new_extradata"):
                raise UnprovenError("the codec's description changes")
            self.pictures.append(self._reader.read(bytes(packet)))
        except UnprovenError:
            self.pictures = None
