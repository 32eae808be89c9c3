"""When the frames of a video are shown, where its packets do not tell it well."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import numpy as np

LONGEST_REORDERING: Final = 16
"""Frames by which one may be decoded before its time, at most, in any format."""

_DIGITS = 6


def rising_times(times_s: Sequence[float | None], rate: Fraction | None) -> np.ndarray:
    """Gives the frames of a video times that rise.

    Times that rise are kept. Guessed ones, which were given in the order of decoding, are dealt out anew in rising
    order; where they jump back by more than frames are reordered, and stay there, another recording was joined on,
    which follows the one before. A frame without a time comes one frame's length after the one before.

    Args:
        times_s: seconds, by the packets' word, of each frame in the order in which the decoder gives them; None where
            the packets have none.
        rate: frames per second by the container's word, for where no two frames have times.

    Returns:
        float64 [n], strictly rising.
    """
    known = np.asarray([np.nan if time is None else time for time in times_s], np.float64)
    steps = np.diff(known)
    if (steps > 0).all() and not np.isnan(known).any():
        return known
    length = _frame_length(known, rate)
    for index in np.flatnonzero(np.isnan(known)):
        known[index] = known[index - 1] + length if index else 0.0
    # Sums of lengths meet times that they equal but for the last digit.
    known = known.round(_DIGITS)
    back = np.flatnonzero(np.diff(known) < -LONGEST_REORDERING * length)
    recordings = np.split(known, [index + 1 for index in back if (known[index + 1 : index + 3] < known[index]).all()])
    risen: list[np.ndarray] = []
    for recording in recordings:
        spread = _spread(np.sort(recording), length)
        late = risen[-1][-1] + length - spread[0] if risen and spread[0] <= risen[-1][-1] else 0.0
        risen.append(spread + late)
    return np.concatenate(risen)


def _frame_length(times: np.ndarray, rate: Fraction | None) -> float:
    apart = np.diff(np.unique(times[~np.isnan(times)]))
    return float(np.median(apart)) if len(apart) else 1 / float(rate or 25)


def _spread(times: np.ndarray, length: float) -> np.ndarray:
    """Frames of one time share the stretch up to the next."""
    distinct, counts = np.unique(times, return_counts=True)
    apart = np.append(np.diff(distinct), length)
    return np.concatenate(
        [time + step * np.arange(count) / count for time, step, count in zip(distinct, apart, counts, strict=True)]
    )
