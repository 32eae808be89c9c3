"""Shares of counted videos."""

import scipy.stats

from components.metrics.bootstrap import CONFIDENCE


def share_interval(successes: int, count: int) -> tuple[float, float]:
    """The score interval of a share after Wilson (1927), which takes the videos for independent of each other."""
    interval = scipy.stats.binomtest(successes, count).proportion_ci(CONFIDENCE, method="wilson")
    return float(interval.low), float(interval.high)
