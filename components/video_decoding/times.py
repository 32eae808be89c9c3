"""Repairs the timestamps of a video's frames when its packets lack them or have them out of order."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import numpy as np

MAX_REORDERING: Final = 16
"""The most frames by which a frame may be decoded ahead of its time, in any format."""

_DIGITS = 6


def rising_times(times_s: Sequence[float | None], rate: Fraction | None) -> np.ndarray:
    """Returns strictly increasing times for the frames of a video.

    Times that already increase are kept. Others, guessed in decoding order, are sorted; where they jump back by more
    than frames can be reordered, and stay there, another recording was appended, which is shifted to follow the one
    before. A frame without a time comes one frame duration after the previous one.

    Args:
        times_s: seconds of each frame according to its packet, in the decoder's output order; None where the packet
            has none.
        rate: frames per second according to the container, used if no two frames have times.

    Returns:
        float64 [n], strictly increasing.
    """
    known = np.asarray([np.nan if time is None else time for time in times_s], np.float64)
    steps = np.diff(known)
    if (steps > 0).all() and not np.isnan(known).any():
        return known
    length = _frame_length(known, rate)
    for index in np.flatnonzero(np.isnan(known)):
        known[index] = known[index - 1] + length if index else 0.0
    # Rounded, since sums of durations may differ from equal times in the last digit.
    known = known.round(_DIGITS)
    back = np.flatnonzero(np.diff(known) < -MAX_REORDERING * length)
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
    """Spreads frames with the same time evenly up to the next time."""
    distinct, counts = np.unique(times, return_counts=True)
    apart = np.append(np.diff(distinct), length)
    return np.concatenate(
        [time + step * np.arange(count) / count for time, step, count in zip(distinct, apart, counts, strict=True)]
    )
