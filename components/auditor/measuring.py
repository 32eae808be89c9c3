"""Metrics and changes of metrics, with intervals, for the audits."""

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from components.auditor.finding import Measurement
from components.metrics import video_metrics
from components.metrics.bootstrap import estimate_all
from components.metrics.decision_rule import DecisionRule
from components.metrics.names import RANKED
from components.metrics.scores import Scores

COMPARED_METRICS: Final = ("auc", "log_loss")
"""The metrics whose changes are reported."""

_NO_VERDICT: Final = DecisionRule(threshold=0.5)


def measure(
    name: str,
    metric: str,
    labels: np.ndarray,
    scores: np.ndarray,
    groups: np.ndarray,
    rule: DecisionRule = _NO_VERDICT,
) -> Measurement:
    """Computes a metric with its interval.

    Args:
        name: of the measurement.
        metric: one of the Evaluator's.
        labels: int64 [N], FAKE = 1.
        scores: what the metric takes, ranks or probabilities, float [N], or [N, K] for its mean over K predictions of
            each video.
        groups: str [N].
        rule: for metrics of verdicts.
    """
    return _measurement(name, lambda weights: _means(metric, labels, scores, weights, rule), groups)


def compare(
    metric: str,
    labels: np.ndarray,
    groups: np.ndarray,
    before: tuple[str, Scores],
    after: tuple[str, Scores],
    name: str = "",
    rule: DecisionRule = _NO_VERDICT,
) -> list[Measurement]:
    """Measures two named predictions of the same videos, and the change from the first to the second.

    The arguments are those of `measure`; `name` replaces the metric's name in the names of the measurements.
    """
    first, second = (scores.for_metric(metric) for _, scores in (before, after))

    def change(weights: np.ndarray) -> np.ndarray:
        return _means(metric, labels, second, weights, rule) - _means(metric, labels, first, weights, rule)

    name = name or metric
    return [
        measure(f"{name}, {before[0]}", metric, labels, first, groups, rule),
        measure(f"{name}, {after[0]}", metric, labels, second, groups, rule),
        _measurement(f"{name}, change", change, groups),
    ]


def _means(metric: str, labels: np.ndarray, scores: np.ndarray, weights: np.ndarray, rule: DecisionRule) -> np.ndarray:
    """Returns the metric's mean over the columns of predictions, float64 [R], for weights [R, N]."""

    def measured(column: np.ndarray) -> np.ndarray:
        if metric in RANKED:
            return video_metrics.measure_ranks(labels, column, weights)[metric]
        return video_metrics.measure(labels, column, weights, rule)[metric]

    return np.mean([measured(column) for column in scores.reshape(len(scores), -1).T], axis=0)


def _measurement(name: str, statistic: Callable[[np.ndarray], np.ndarray], groups: np.ndarray) -> Measurement:
    found = estimate_all(lambda weights: {name: statistic(weights)}, groups)[name]
    return Measurement(name, _defined(found.value), _defined(found.low), _defined(found.high), len(groups))


def _defined(number: float) -> float | None:
    return None if math.isnan(number) else number
