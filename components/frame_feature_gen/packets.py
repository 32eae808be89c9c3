"""What a video's packets tell without being decoded: how many frames there are, when, and what each needs."""

import dataclasses
from collections.abc import Iterable, Iterator

import av.container
import av.error
import av.packet
import av.video.stream
import numpy as np

from components.video_container import open_video

_NO_TIME = np.iinfo(np.int64).min


@dataclasses.dataclass(frozen=True)
class PacketIndex:
    """The packets of a video stream, in the order in which they are decoded.

    Attributes:
        pts: int64 [n], when each is shown, in the stream's time base.
        keyframes: bool [n], whether decoding can start there.
        shown: bool [n], false for those that an edit list leaves out.
        truncated: whether the file ends before the packets that its container lists do.
    """

    pts: np.ndarray
    keyframes: np.ndarray
    shown: np.ndarray
    truncated: bool

    @property
    def frame_count(self) -> int:
        """Frames that are shown, if each packet is one."""
        return int(self.shown.sum())

    @property
    def trusted(self) -> bool:
        """Whether the packets tell which frame is where: each has a time of its own, and the first is a keyframe."""
        times = np.unique(self.pts)
        return len(times) == len(self.pts) > 0 and times[0] != _NO_TIME and bool(self.keyframes[0])

    @property
    def presentation_order(self) -> np.ndarray:
        """Int64 [frame_count]: the packets that are shown, in the order of their times."""
        order = np.argsort(self.pts, kind="stable")
        return order[self.shown[order]]

    def needed(self, wanted: Iterable[int]) -> np.ndarray:
        """Bool [n]: the packets without which the packets `wanted` cannot be decoded."""
        needed = np.zeros(len(self.pts), bool)
        starts = np.flatnonzero(self.keyframes)
        for packet in wanted:
            before = starts[starts <= packet]
            # A picture that is shown before its keyframe leans on the group of pictures before that one, too.
            leading = self.pts[packet] < self.pts[before[-1]]
            start = before[-2] if leading and len(before) > 1 else before[-1]
            needed[start : packet + 1] = True
        return needed


def index_packets(path: str) -> PacketIndex:
    """Reads all packets of a local file, decoding none.

    Raises:
        VideoError: as `open_video`.
    """
    with open_video(path) as (container, stream):
        listed = stream.frames
        rows = [
            (
                _NO_TIME if packet.pts is None else packet.pts,
                packet.is_keyframe,
                not packet.is_discard,
                packet.is_corrupt,
            )
            for packet in read_packets(container, stream)
        ]
    pts, keyframes, shown, cut = zip(*rows, strict=True) if rows else ((), (), (), ())
    return PacketIndex(
        pts=np.asarray(pts, np.int64),
        keyframes=np.asarray(keyframes, bool),
        shown=np.asarray(shown, bool),
        truncated=any(cut) or len(rows) < listed,
    )


def read_packets(
    container: av.container.InputContainer, stream: av.video.stream.VideoStream
) -> Iterator[av.packet.Packet]:
    """Yields the packets that hold something; a file that ends early gives what came before."""
    try:
        for packet in container.demux(stream):
            if packet.size:
                yield packet
    except av.error.FFmpegError:
        return
