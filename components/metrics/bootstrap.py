"""Bootstrap intervals that resample whole groups of videos."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

RESAMPLES: Final = 1000
CONFIDENCE: Final = 0.95
INTERVAL: Final = f"{CONFIDENCE:.0%} percentile bootstrap over groups, {RESAMPLES} resamples"
_SEED: Final = 0
# Resamples times videos processed at once, 8 bytes each.
_BLOCK: Final = 1_000_000


@dataclasses.dataclass(frozen=True)
class Estimate:
    """A number with its interval; NaN where undefined, as AUC is for one class."""

    value: float
    low: float = float("nan")
    high: float = float("nan")


def group_weights(groups: np.ndarray) -> Iterator[np.ndarray]:
    """Draws as many groups as there are, with replacement, `RESAMPLES` times; deterministic for given groups.

    The videos of one group (a real one and its fakes) are not independent, so a group is drawn with all of its videos
    (cluster bootstrap: Field and Welsh 2007).

    Args:
        groups: [N], of any sortable type.

    Yields:
        int64 [r, N], how often each video counts, r resamples at a time.
    """
    if not len(groups):
        yield np.ones((RESAMPLES, 0), np.int64)
        return
    count, member = _membership(groups)
    generator = np.random.default_rng(_SEED)
    step = max(1, _BLOCK // len(groups))
    for start in range(0, RESAMPLES, step):
        rows = min(step, RESAMPLES - start)
        drawn = generator.integers(count, size=(rows, count)) + np.arange(rows)[:, None] * count
        times = np.bincount(drawn.ravel(), minlength=rows * count).reshape(rows, count)
        yield times[:, member]


def resample(measure: Callable[[np.ndarray], dict[str, np.ndarray]], groups: np.ndarray) -> dict[str, np.ndarray]:
    """Computes metrics, float64 [RESAMPLES] each, on all resamples.

    Args:
        measure: maps weights [r, N] to metrics [r] by name.
        groups: [N], of each video.
    """
    blocks = [measure(weights) for weights in group_weights(groups)]
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def estimate_all(measure: Callable[[np.ndarray], dict[str, np.ndarray]], groups: np.ndarray) -> dict[str, Estimate]:
    """Computes metrics on the original videos, with their intervals; the arguments are those of `resample`."""
    values, resampled = measure(np.ones((1, len(groups)))), resample(measure, groups)
    return {name: estimate(value[0], resampled[name]) for name, value in values.items()}


def estimate(value: float, resampled: np.ndarray) -> Estimate:
    """Returns `value` with the percentile interval of its resamples, ignoring undefined ones."""
    tail = (1 - CONFIDENCE) / 2
    defined = resampled[~np.isnan(resampled)]
    low, high = np.quantile(defined, [tail, 1 - tail]) if len(defined) else (np.nan, np.nan)
    return Estimate(float(value), float(low), float(high))


def _membership(groups: np.ndarray) -> tuple[int, np.ndarray]:
    names, member = np.unique(groups, return_inverse=True)
    return len(names), member
