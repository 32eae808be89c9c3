"""Intervals of proportions."""

from components.metrics.bootstrap import CONFIDENCE


def wilson_interval(successes: int, count: int) -> tuple[float, float]:
    """Returns the score interval of a proportion (Wilson 1927), which assumes independent videos."""
    # Imported late, as it takes a second.
    import scipy.stats

    interval = scipy.stats.binomtest(successes, count).proportion_ci(CONFIDENCE, method="wilson")
    return float(interval.low), float(interval.high)
