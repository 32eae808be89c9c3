"""Reads from a video's packets, without decoding them, how many frames there are, their times, and what each needs."""

import bisect
import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import av.container
import av.error
import av.packet
import av.video.stream
import numpy as np

from components.video_decoding.bitstream.picture import Picture
from components.video_decoding.bitstream.streams import PictureReader
from components.video_decoding.clip import DecodeNote
from components.video_decoding.container import open_video
from components.video_decoding.file_end import ends_early
from components.video_decoding.limits import notes_of

_NO_TIME = np.iinfo(np.int64).min


@dataclasses.dataclass(frozen=True)
class PacketIndex:
    """The packets of a video stream, in decoding order.

    Attributes:
        pts: int64 [n], when each is shown, in the stream's time base.
        keyframes: bool [n], which are keyframes; all false if the picture headers contradict the container.
        shown: bool [n], false for packets that an edit list leaves out.
        truncated: whether the file is shorter than its container declares, or parts of it cannot be read.
        starts: bool [n], where decoding can start according to the picture headers; None if they prove nothing.
        start: when the stream starts, in its time base.
        time_base: seconds of a unit of `pts`.
        rate: frames per second, according to the container.
        notes: how the frames differ from what a player shows.
    """

    pts: np.ndarray
    keyframes: np.ndarray
    shown: np.ndarray
    truncated: bool
    starts: np.ndarray | None = None
    start: int = 0
    time_base: Fraction = Fraction(1)
    rate: Fraction = Fraction(25)
    notes: tuple[DecodeNote, ...] = ()

    @property
    def frame_count(self) -> int:
        """Number of frames that are shown, if each packet holds one."""
        return int(self.shown.sum())

    @property
    def timed(self) -> bool:
        """Whether every packet has a time, and all are distinct."""
        times = np.unique(self.pts)
        return len(times) == len(self.pts) > 0 and times[0] != _NO_TIME

    @property
    def trusted(self) -> bool:
        """Whether the packets prove the position of each frame."""
        return self.starts is not None

    @property
    def presentation_order(self) -> np.ndarray:
        """Int64 [frame_count]: indexes of the packets that are shown, in presentation order."""
        order = np.argsort(self.pts, kind="stable")
        return order[self.shown[order]]

    @property
    def times_s(self) -> np.ndarray:
        """Float64 [frame_count]: when each frame is shown, in seconds since the start, if the index is timed."""
        since_start = self.pts[self.presentation_order] - self.start
        return since_start * self.time_base.numerator / self.time_base.denominator

    @property
    def guessed_times_s(self) -> np.ndarray:
        """The same, or at an even rate if it is not timed."""
        return self.times_s if self.timed else np.arange(self.frame_count) / float(self.rate)

    @property
    def keyframe_positions(self) -> list[int]:
        """Positions of the keyframes among the frames that are shown, in presentation order."""
        return np.flatnonzero(self.keyframes[self.presentation_order]).tolist()

    def needed(self, wanted: Iterable[int]) -> np.ndarray:
        """Returns bool [n]: the packets required to decode the packets `wanted`; only for a trusted index."""
        assert self.starts is not None, "the packets are trusted"
        needed = np.zeros(len(self.pts), bool)
        starts = np.flatnonzero(self.starts)
        for packet in wanted:
            before = starts[starts <= packet]
            # A leading picture, shown before its keyframe, also refers to the previous group of pictures.
            leading = self.pts[packet] < self.pts[before[-1]]
            start = before[-2] if leading and len(before) > 1 else before[-1]
            needed[start : packet + 1] = True
        return needed


def index_packets(path: str) -> PacketIndex:
    """Reads all packets of a local file without decoding them.

    Raises:
        VideoError: as `open_video`.
    """
    rows: list[tuple[int, bool, bool, bool]] = []
    failed = False
    with open_video(path) as (container, stream):
        reader = PictureReader(stream.codec_context)
        try:
            for packet in _demux(container, stream):
                pts = _NO_TIME if packet.pts is None else packet.pts
                rows.append((pts, packet.is_keyframe, not packet.is_discard, packet.is_corrupt))
                reader.add(packet)
        except MemoryError:
            raise
        except av.error.FFmpegError:
            failed = True
        # FFmpeg flags packets after a splice in a transport stream as corrupt; only the decoder can tell.
        cut = container.format.name != "mpegts" and any(damaged for *_, damaged in rows)
        listed = stream.index_entries
        short = len(listed) > len(rows) and sum(entry.size > 0 for entry in listed) > len(rows)
        depth = stream.codec_context.reorder_depth
        start, time_base = stream.start_time or 0, stream.time_base or Fraction(1)
        rate = stream.average_rate or stream.guessed_rate or Fraction(25)
        notes = notes_of(path, stream)
    times, keyframes, shown, corrupt = np.asarray(rows, np.int64).reshape(-1, 4).T
    index = PacketIndex(
        pts=times,
        keyframes=keyframes.astype(bool),
        shown=shown.astype(bool),
        truncated=failed or cut or short or ends_early(path),
        start=start,
        time_base=time_base,
        rate=rate,
        notes=notes,
    )
    if not reader.pictures or corrupt.any() or not _is_kept(index, reader.pictures, depth):
        return index
    starts = np.asarray([picture.starts for picture in reader.pictures])
    contradicted = any(flag and not picture.key for flag, picture in zip(keyframes, reader.pictures, strict=True))
    return dataclasses.replace(index, starts=starts, keyframes=index.keyframes & (not contradicted))


def read_packets(
    container: av.container.InputContainer, stream: av.video.stream.VideoStream
) -> Iterator[av.packet.Packet]:
    """Yields the packets that are not empty, up to the first read error."""
    try:
        yield from _demux(container, stream)
    except MemoryError:
        raise
    except av.error.FFmpegError:
        return


def _demux(container: av.container.InputContainer, stream: av.video.stream.VideoStream) -> Iterator[av.packet.Packet]:
    return (packet for packet in container.demux(stream) if packet.size)


def _is_kept(index: PacketIndex, pictures: Sequence[Picture], depth: int) -> bool:
    """Whether picture order agrees with the times, and the decoder's reorder depth suffices for it."""
    if not index.timed:
        return False
    recordings = np.cumsum([picture.restarts for picture in pictures])
    orders = np.asarray([picture.order for picture in pictures])
    by_pictures = np.lexsort((orders, recordings))
    same_place = (np.diff(orders[by_pictures]) == 0) & (np.diff(recordings[by_pictures]) == 0)
    if same_place.any() or (by_pictures != np.argsort(index.pts)).any():
        return False
    return _overtaken(np.argsort(by_pictures).tolist()) <= depth


def _overtaken(positions: Sequence[int]) -> int:
    """Returns the reorder depth: the most frames decoded before a frame but shown after it.

    Args:
        positions: the place in presentation order of each frame, in decoding order.
    """
    seen: list[int] = []
    most = 0
    for position in positions:
        place = bisect.bisect(seen, position)
        most = max(most, len(seen) - place)
        seen.insert(place, position)
    return most
