"""Finds cuts between the sampled frames of a clip."""

import itertools
from collections.abc import Sequence
from typing import Final, NamedTuple

import cv2
import numpy as np

_BINS: Final = 8
_SIDE: Final = 16
# Between sampled frames of real clips the distance is at most 0.34; between those of two clips it is above 0.56 in 95
# of 100 pairs, and the correlation below 0.66.
_DISTANCE: Final = 0.45
_CORRELATION: Final = 0.8


def find_cuts(frames: Sequence[np.ndarray]) -> list[bool]:
    """Says of each frame, uint8 [H, W, 3] BGR, whether it belongs to another shot than the one before.

    At a cut both the colours of each quarter of the picture change, by the Bhattacharyya distance of their histograms,
    and its layout, by the correlation of thumbnails. A flash changes the first only, a movement the second.
    """
    looks = [_look(frame) for frame in frames]
    return [False] * min(len(frames), 1) + [_is_cut(before, after) for before, after in itertools.pairwise(looks)]


class _Look(NamedTuple):
    histograms: list[np.ndarray]
    layout: np.ndarray


def _look(frame: np.ndarray) -> _Look:
    height, width = frame.shape[0] // 2, frame.shape[1] // 2
    quarters = [frame[top : top + height, left : left + width] for top in (0, height) for left in (0, width)]
    histograms = [cv2.calcHist([quarter], [0, 1, 2], None, [_BINS] * 3, [0, 256] * 3) for quarter in quarters]
    grey = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    layout = cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float64)
    return _Look(histograms, (layout - layout.mean()) / max(layout.std(), 1.0))


def _is_cut(before: _Look, after: _Look) -> bool:
    pairs = zip(before.histograms, after.histograms, strict=True)
    distance = np.median([cv2.compareHist(*pair, cv2.HISTCMP_BHATTACHARYYA) for pair in pairs])
    return bool(distance > _DISTANCE and np.mean(before.layout * after.layout) < _CORRELATION)
