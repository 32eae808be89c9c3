"""Metrics and changes of metrics, with intervals, for the audits."""

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from components.auditor.finding import Measurement
from components.metrics import video_metrics
from components.metrics.bootstrap import estimate_all
from components.metrics.decision_rule import DecisionRule

COMPARED_METRICS: Final = ("auc", "log_loss")
"""The metrics whose changes are reported."""

_NO_VERDICT: Final = DecisionRule(threshold=0.5)


def measure(
    name: str,
    metric: str,
    labels: np.ndarray,
    probabilities: np.ndarray,
    groups: np.ndarray,
    rule: DecisionRule = _NO_VERDICT,
) -> Measurement:
    """Computes a metric with its interval.

    Args:
        name: of the measurement.
        metric: one of the Evaluator's.
        labels: int64 [N], FAKE = 1.
        probabilities: float [N], or [N, K] for the metric's mean over K predictions of each video.
        groups: str [N].
        rule: for metrics of verdicts.
    """
    return _measurement(name, lambda weights: _means(metric, labels, probabilities, weights, rule), groups)


def compare(
    metric: str,
    labels: np.ndarray,
    groups: np.ndarray,
    before: tuple[str, np.ndarray],
    after: tuple[str, np.ndarray],
    name: str = "",
    rule: DecisionRule = _NO_VERDICT,
) -> list[Measurement]:
    """Measures two named predictions of the same videos, and the change from the first to the second.

    The arguments are those of `measure`; `name` replaces the metric's name in the names of the measurements.
    """

    def change(weights: np.ndarray) -> np.ndarray:
        return _means(metric, labels, after[1], weights, rule) - _means(metric, labels, before[1], weights, rule)

    name = name or metric
    return [
        *(measure(f"{name}, {words}", metric, labels, scores, groups, rule) for words, scores in (before, after)),
        _measurement(f"{name}, change", change, groups),
    ]


def _means(
    metric: str, labels: np.ndarray, probabilities: np.ndarray, weights: np.ndarray, rule: DecisionRule
) -> np.ndarray:
    """Returns the metric's mean over the columns of predictions, float64 [R], for weights [R, N]."""
    columns = probabilities.reshape(len(probabilities), -1).T
    return np.mean([video_metrics.measure(labels, each, weights, rule)[metric] for each in columns], axis=0)


def _measurement(name: str, statistic: Callable[[np.ndarray], np.ndarray], groups: np.ndarray) -> Measurement:
    found = estimate_all(lambda weights: {name: statistic(weights)}, groups)[name]
    return Measurement(name, _defined(found.value), _defined(found.low), _defined(found.high), len(groups))


def _defined(number: float) -> float | None:
    return None if math.isnan(number) else number
