"""Shares of counted videos."""

import math

# The two-sided 95 % quantile of the normal distribution.
_QUANTILE = 1.959964


def share_interval(successes: int, count: int) -> tuple[float, float]:
    """The 95 % score interval of a share after Wilson (1927), which takes the videos for independent of each other."""
    share, square = successes / count, _QUANTILE**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = _QUANTILE / (1 + square / count) * math.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return max(0.0, middle - half), min(1.0, middle + half)
