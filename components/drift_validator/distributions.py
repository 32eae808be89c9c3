"""Pairs of distributions, of scored and of training videos, in common bins."""

import bisect
import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from tensorflow_metadata.proto.v0 import statistics_pb2

from components.features import FAKE, PROBABILITY_FAKE, REAL
from components.served_model.training_statistics import CATEGORICAL_FACTS, NUMERIC_FACTS, name_of

# Values in containers of one kind differ beyond this: 29.97 and 30 frames per second, 1078 and 1080 lines.
_DIGITS: Final = 3


@dataclasses.dataclass(frozen=True)
class Distribution:
    """Numbers of videos by value, or by bin.

    Attributes:
        counts: by value, or by bin index; need not be integers.
    """

    counts: Mapping[str, float]

    @property
    def videos(self) -> int:
        """Total number of videos."""
        return round(sum(self.counts.values()))


@dataclasses.dataclass(frozen=True)
class Pair:
    """The two distributions of one feature.

    Attributes:
        name: of the feature.
        numeric: whether the counts are of ordered bins, the same on both sides.
        scored: of the scored videos.
        training: of the training videos; for scores, of the model's test videos.
    """

    name: str
    numeric: bool
    scored: Distribution
    training: Distribution


def fact_pairs(scored: Any, training: Any) -> Iterator[Pair]:
    """Pairs the container facts in both sets of TFDV statistics; a missing feature counts no videos."""
    there, then = _by_name(scored), _by_name(training)
    for name in CATEGORICAL_FACTS:
        yield Pair(name, False, _shares(there.get(name)), _shares(then.get(name)))
    for name in NUMERIC_FACTS:
        yield Pair(name, True, *_binned(there.get(name), then.get(name)))


def score_pair(probabilities: Sequence[float], tested: Sequence[Mapping[str, float]]) -> Pair:
    """Pairs the scores with the scores of the model's test.

    Args:
        probabilities: of all scored videos.
        tested: the bins in the model card: `from`, `to`, `FAKE` and `REAL`.
    """
    edges = [*(each["from"] for each in tested), tested[-1]["to"]]
    counts, _ = np.histogram(probabilities, edges)
    return Pair(
        PROBABILITY_FAKE, True, _numbered(counts.tolist()), _numbered([each[FAKE] + each[REAL] for each in tested])
    )


class _Quantiles:
    """The distribution of a number, from the quantiles in TFDV's statistics."""

    def __init__(self, feature: Any | None) -> None:
        numbers = feature.num_stats if feature is not None else statistics_pb2.NumericStatistics()
        self.videos = numbers.common_stats.num_non_missing
        quantiles = statistics_pb2.Histogram.QUANTILES
        buckets = [bucket for each in numbers.histograms if each.type == quantiles for bucket in each.buckets]
        self._lows = [_rounded(bucket.low_value) for bucket in buckets]
        self._highs = [_rounded(bucket.high_value) for bucket in buckets]
        self._ends = list(itertools.accumulate(bucket.sample_count for bucket in buckets))
        self.edges = sorted({*self._lows, *self._highs})

    def share_below(self, value: float, *, included: bool) -> float:
        """Returns the share of videos below `value`, or at or below it if `included`."""
        # Equal values fill whole buckets; within a bucket, values are assumed uniformly distributed.
        place = (bisect.bisect_right if included else bisect.bisect_left)(self._highs, value)
        if not self._ends:
            return 0.0
        below = self._ends[place - 1] if place else 0.0
        if place < len(self._ends) and self._lows[place] < value:
            width = self._highs[place] - self._lows[place]
            below += (self._ends[place] - below) * (value - self._lows[place]) / width
        return below / self._ends[-1]


def _binned(scored: Any | None, training: Any | None) -> tuple[Distribution, Distribution]:
    """Counts both in bins between the training's deciles; each edge is a bin of its own, for equal values.

    TFDV's own bins have equal width between the extremes, so one long video would squeeze all others into one bin.
    """
    there, then = _Quantiles(scored), _Quantiles(training)

    def counts(of: _Quantiles) -> Distribution:
        cuts = [of.share_below(edge, included=included) for edge in then.edges for included in (False, True)]
        return _numbered((np.diff([0.0, *cuts, 1.0]) * of.videos).tolist())

    return counts(there), counts(then)


def _shares(feature: Any | None) -> Distribution:
    buckets = feature.string_stats.rank_histogram.buckets if feature is not None else ()
    return Distribution({bucket.label: bucket.sample_count for bucket in buckets})


def _numbered(counts: Sequence[float]) -> Distribution:
    return Distribution({str(number): count for number, count in enumerate(counts)})


def _by_name(statistics: Any) -> dict[str, Any]:
    return {name_of(feature): feature for dataset in statistics.datasets for feature in dataset.features}


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS - 1}e}")
