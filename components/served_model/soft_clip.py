"""Keeps probabilities from the ends without making different ones equal."""

import numpy as np


def soft_clip(probabilities: np.ndarray, clip: float) -> np.ndarray:
    """Keeps probabilities within `clip` and 1 - `clip` without making different ones equal.

    Plain clipping would make all confident predictions equal, so that neither AUC nor a threshold for a false positive
    rate could tell them apart. Instead, the outermost 2 `clip` on either side are compressed to half their width.
    """
    if not clip:
        return probabilities
    near = np.minimum(probabilities, 1 - probabilities)
    kept = np.maximum(near, clip + near * soft_clip_slope(clip))
    return np.where(probabilities < 0.5, kept, 1 - kept)


def soft_clip_slope(clip: float) -> float:
    """The slope of `soft_clip` near 0 and 1."""
    return 1 - clip / min(2 * clip, 0.5)
