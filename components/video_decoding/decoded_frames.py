"""The frames taken from a video, before those of a window are cropped together."""

import collections
import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from components.video_decoding.clip import DecodeNote
from components.video_decoding.frame_choice import ChosenFrames
from components.video_decoding.windows import Window


class TakenFrames(NamedTuple):
    """The frames of a window, in presentation order.

    Attributes:
        window: in which they are.
        positions: in the video.
        kept: what the cropper kept of each.
        times_s: float64 [n], when each is shown, in seconds since the start of the stream.
    """

    window: Window
    positions: Sequence[int]
    kept: Sequence[Any]
    times_s: np.ndarray


@dataclasses.dataclass(frozen=True)
class DecodedFacts:
    """What decoding a video has told of it.

    Attributes:
        times_s: float64 [n], of all undamaged frames, taken or not.
        in_order: whether these are the frames' own times, which rise.
        keyframes: positions of the keyframes among them, according to the decoder.
        truncated: whether the decoder found damage.
        notes: how the frames differ from what a player shows.
    """

    times_s: np.ndarray
    in_order: bool
    keyframes: Sequence[int]
    truncated: bool
    notes: tuple[DecodeNote, ...]


class FramesByWindow:
    """Collects the frames of each window, and holds none for longer than a window needs it."""

    def __init__(self, chosen: Sequence[ChosenFrames]) -> None:
        self._waiting = collections.deque(chosen)
        self._wanted = {position for each in chosen for position in each.positions}
        self._kept: dict[int, tuple[Any, float | None]] = {}

    @property
    def remaining(self) -> bool:
        """Whether frames are still wanted."""
        return bool(self._wanted)

    def wants(self, position: int) -> bool:
        """Whether a window wants the frame at this position."""
        return position in self._wanted

    def add(self, position: int, kept: Any, time_s: float | None) -> None:
        """Adds a frame that is wanted."""
        self._wanted.discard(position)
        self._kept[position] = kept, time_s

    def complete(self) -> Iterator[TakenFrames]:
        """Yields the windows that have all of their frames, in order."""
        while self._waiting and self._wanted.isdisjoint(self._waiting[0].positions):
            yield from self._take()

    def rest(self) -> Iterator[TakenFrames]:
        """Yields the windows that are left with those of their frames that there are."""
        while self._waiting:
            yield from self._take()

    def _take(self) -> Iterator[TakenFrames]:
        window, positions = self._waiting.popleft()
        there = [position for position in positions if position in self._kept]
        kept, times = zip(*map(self._kept.__getitem__, there), strict=True) if there else ((), ())
        ahead = self._waiting[0].positions[0] if self._waiting else np.inf
        self._kept = {position: each for position, each in self._kept.items() if position >= ahead}
        if there:
            yield TakenFrames(window, there, kept, np.asarray(times, np.float64))
