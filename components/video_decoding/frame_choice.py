"""Chooses the frames of each window of a video."""

import bisect
import dataclasses
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from components.video_decoding.sampling import Sampling, at_frame_rate, sample_positions
from components.video_decoding.windows import WHOLE, Window, Windowing, place_windows, to_milliseconds


class ChosenFrames(NamedTuple):
    """The frames of a window: their positions in the video, ascending."""

    window: Window
    positions: Sequence[int]


@dataclasses.dataclass(frozen=True)
class FrameChoice:
    """Which frames of a video are taken.

    Attributes:
        sampling: of the frames of a window.
        frames: the most that are taken of one.
        windowing: how the video is cut into windows.
        frame_rate: the share of its frames that the video is taken to have, evenly spread.
    """

    sampling: Sampling
    frames: int
    windowing: Windowing = WHOLE
    frame_rate: float = 1.0

    def choose(self, times_s: np.ndarray, keyframes: Sequence[int]) -> list[ChosenFrames]:
        """Chooses frames of each window in which there are any.

        Args:
            times_s: float64 [n], when each frame of the video is shown, ascending.
            keyframes: positions of the keyframes, ascending; empty if they are not known.
        """
        end = to_milliseconds(end_of(times_s))
        chosen = []
        for window in place_windows(self.windowing, end):
            first = 0 if window.start_s <= 0 else int(np.searchsorted(times_s, window.start_s))
            last = len(times_s) if window.end_s >= end else int(np.searchsorted(times_s, window.end_s))
            within = keyframes[bisect.bisect_left(keyframes, first) : bisect.bisect_left(keyframes, last)]
            if positions := self._sample(last - first, [keyframe - first for keyframe in within]):
                chosen.append(ChosenFrames(window, [first + position for position in positions]))
        return chosen

    def sampled_as(self, chosen: Sequence[ChosenFrames], keyframes: Sequence[int]) -> Sampling:
        """Returns the sampling that was used if these keyframes are known; `uniform` if a window has none of them."""
        taken = {position for each in chosen for position in each.positions}
        return "uniform" if self.sampling == "keyframes" and not taken <= set(keyframes) else self.sampling

    def _sample(self, count: int, keyframes: Sequence[int]) -> Sequence[int]:
        if self.frame_rate == 1 or (self.sampling == "keyframes" and keyframes):
            return sample_positions(self.sampling, count, self.frames, keyframes)
        fewer = math.ceil(count * self.frame_rate)
        return at_frame_rate(sample_positions(self.sampling, fewer, self.frames), self.frame_rate)


def end_of(times_s: np.ndarray) -> float:
    """Returns when the last frame ends, taking it to be shown for as long as the others; 0 without frames."""
    if not len(times_s):
        return 0.0
    return float(times_s[-1] + (np.median(np.diff(times_s)) if len(times_s) > 1 else 0.0))
