"""Metrics over videos, with intervals resampled by group."""

import dataclasses
from collections.abc import Callable
from typing import Final

import numpy as np
from sklearn import metrics

RESAMPLES: Final = 1000
CONFIDENCE: Final = 0.95
_CLIP: Final = 1e-7

Metric = Callable[[np.ndarray, np.ndarray], float]


@dataclasses.dataclass(frozen=True)
class Estimate:
    """A metric with its 95 % interval; NaN where it is not defined, as AUC is for one class."""

    value: float
    low: float
    high: float


def _log_loss(labels: np.ndarray, probabilities: np.ndarray) -> float:
    clipped = np.clip(probabilities, _CLIP, 1 - _CLIP)
    return float(-np.mean(labels * np.log(clipped) + (1 - labels) * np.log1p(-clipped)))


def _needs_both_classes(metric: Metric) -> Metric:
    def guarded(labels: np.ndarray, probabilities: np.ndarray) -> float:
        return metric(labels, probabilities) if len(np.unique(labels)) == 2 else float("nan")

    return guarded


def video_metrics(threshold: float) -> dict[str, Metric]:
    """The metrics by name; each takes labels int64 [N] (FAKE = 1) and probabilities float [N]."""
    return {
        "auc": _needs_both_classes(metrics.roc_auc_score),
        "average_precision": _needs_both_classes(metrics.average_precision_score),
        "log_loss": _log_loss,
        "accuracy": lambda labels, scores: float(np.mean((scores >= threshold) == labels)),
        "precision": lambda labels, scores: metrics.precision_score(labels, scores >= threshold, zero_division=np.nan),
        "recall": lambda labels, scores: metrics.recall_score(labels, scores >= threshold, zero_division=np.nan),
    }


def estimate(metric: Metric, labels: np.ndarray, probabilities: np.ndarray, groups: np.ndarray) -> Estimate:
    """Computes a metric and its percentile interval by a bootstrap over whole groups.

    The videos of one group (a real one and its fakes) are no independent witnesses, so groups are drawn with
    replacement, each with all of its videos (cluster bootstrap: Field and Welsh 2007).

    Args:
        metric: from labels and probabilities to a float, NaN where undefined.
        labels: int64 [N], FAKE = 1.
        probabilities: float [N].
        groups: str [N].
    """
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    generator = np.random.default_rng(0)
    resampled = []
    for _ in range(RESAMPLES):
        drawn = generator.integers(len(members), size=len(members))
        index = np.concatenate([members[group] for group in drawn])
        resampled.append(metric(labels[index], probabilities[index]))
    tail = (1 - CONFIDENCE) / 2
    defined = np.asarray(resampled)[~np.isnan(resampled)]
    low, high = np.quantile(defined, [tail, 1 - tail]) if len(defined) else (np.nan, np.nan)
    return Estimate(float(metric(labels, probabilities)), float(low), float(high))
