"""Picks the header reader for a stream's codec and stops trusting the headers once they prove nothing."""

from collections.abc import Callable
from typing import Protocol

from av.packet import Packet
from av.video.codeccontext import VideoCodecContext

from components.video_decoding.bitstream.h264 import H264Pictures
from components.video_decoding.bitstream.hevc import HevcPictures
from components.video_decoding.bitstream.picture import Picture, UnprovenError

# Other decoders may start at any packet without flagging corrupt frames, or output two frames for one packet.
_READERS: dict[str, Callable[[bytes], "_Pictures"]] = {"h264": H264Pictures, "hevc": HevcPictures}


class _Pictures(Protocol):
    def read(self, packet: bytes) -> Picture: ...


class PictureReader:
    """Reads the picture headers of a stream's packets for as long as they can be trusted."""

    def __init__(self, context: VideoCodecContext) -> None:
        """Reads the stream's header from the decoder's context."""
        self.pictures: list[Picture] | None = []
        """One for each packet so far; None once a packet could not be trusted."""
        self._reader: _Pictures | None = None
        try:
            self._reader = _READERS[context.name](context.extradata or b"")
        except (KeyError, UnprovenError):
            self.pictures = None

    def add(self, packet: Packet) -> None:
        """Reads the next packet in decoding order."""
        if self.pictures is None or self._reader is None:
            return
        try:
            # The stream's header changes here.
            if packet.has_sidedata("new_extradata"):
                raise UnprovenError("the codec's description changes")
            self.pictures.append(self._reader.read(bytes(packet)))
        except UnprovenError:
            self.pictures = None
