"""Cuts an ordered row of groups into train, eval and test."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

_SPLITS = 3


def cut(counts: np.ndarray, fixed: np.ndarray, sizes: tuple[int, int, int]) -> tuple[int, int]:
    """Finds the two cuts: train is the start, test the end, eval lies between.

    Each cut is where the counts of both labels are nearest to the proportions: the sum over the labels of the squared
    relative differences is the smallest. It is moved only so that each split has both labels, if any cuts can do that.
    Without fixed videos, other sizes never bring a group from train into test if train's former share and test's
    new one are at most the whole.

    Args:
        counts: int [groups, 2], videos of each label, in the groups' order.
        fixed: int [3, 2], videos of each label that are in train, eval and test already; they count.
        sizes: proportions of train, eval and test; test's may be zero, and then it gets none.

    Returns:
        The number of groups before the first cut and before the second.
    """
    before = np.zeros((len(counts) + 1, 2), np.int64)
    np.cumsum(counts, axis=0, out=before[1:])
    ends = [0, len(counts)]
    wanted = _wanted(before[-1], fixed, sizes)
    totals = before[-1] + fixed.sum(axis=0)
    first = _nearest(before, wanted[0], totals)
    second = _nearest(before, [all_ - part for all_, part in zip(before[-1].tolist(), wanted[2], strict=True)], totals)
    if not sizes[2]:
        second = len(counts)
    lacking = [[int(label) for label in np.flatnonzero((fixed[split] == 0) & (totals > 0))] for split in range(_SPLITS)]
    if not sizes[2]:
        lacking[2] = []
    least = _after(before, 0, lacking[0])
    least_second = _after(before, least, lacking[1])
    most_second = _back(before, ends[1], lacking[2])
    if least_second > most_second:
        # No cuts give each split both labels.
        return min(first, second), second
    second = min(max(second, least_second), most_second)
    return min(max(first, least), _back(before, second, lacking[1])), second


def _after(before: np.ndarray, start: int, labels: Sequence[int]) -> int:
    """Returns the first cut with a video of each label between `start` and it; past the end if there is none."""
    if start >= len(before):
        return len(before)
    ends = [int(np.searchsorted(before[:, label], before[start, label], side="right")) for label in labels]
    return max(ends, default=start)


def _back(before: np.ndarray, end: int, labels: Sequence[int]) -> int:
    """Returns the last cut with a video of each label between it and `end`; -1 if there is none."""
    starts = [int(np.searchsorted(before[:, label], before[end, label], side="left")) - 1 for label in labels]
    return min(starts, default=end)


def _wanted(free: np.ndarray, fixed: np.ndarray, sizes: tuple[int, int, int]) -> list[list[Fraction]]:
    """Returns how many free videos of each label each split wants: what it lacks, scaled to what there is."""
    wanted = [[Fraction(0)] * 2 for _ in range(_SPLITS)]
    for label in range(2):
        total = int(free[label] + fixed[:, label].sum())
        lacks = [max(Fraction(total * sizes[it], sum(sizes)) - int(fixed[it, label]), Fraction(0)) for it in range(3)]
        for split in range(_SPLITS):
            wanted[split][label] = lacks[split] * int(free[label]) / (sum(lacks) or 1)
    return wanted


def _nearest(before: np.ndarray, wanted: Sequence[Fraction], totals: np.ndarray) -> int:
    scale = np.maximum(totals, 1)
    distances = (((before - np.array([float(it) for it in wanted])) / scale) ** 2).sum(axis=1)
    # Exact among those that are nearly the nearest, so that equal shares are always cut at the same place.
    near = np.flatnonzero(distances <= distances.min() * (1 + 1e-9) + 1e-18)
    _, first = np.unique(before[near], axis=0, return_index=True)

    def distance(index: int) -> Fraction:
        return sum(
            ((int(before[index, label]) - wanted[label]) / int(scale[label])) ** 2 for label in range(2)
        ) or Fraction(0)

    return min((int(index) for index in near[np.sort(first)]), key=distance)
