"""Metrics over videos, computed for many resamples at once."""

from typing import Final

import numpy as np

from components.features import FAKE
from components.metrics.decision_rules import AnyDecisionRule
from components.metrics.names import METRICS, RANKED

CALIBRATION_BINS: Final = 10
FALSE_POSITIVE_RATE: Final = 0.01
_CLIP: Final = 1e-7
# Tolerance for floating-point error in a rate that is met exactly.
_SLACK: Final = 1e-12


def is_fake(labels: list[str]) -> np.ndarray:
    """Returns the labels as int64 [N], FAKE = 1."""
    return np.asarray([label == FAKE for label in labels], np.int64)


def measure(
    labels: np.ndarray,
    probabilities: np.ndarray,
    weights: np.ndarray,
    decision_rule: AnyDecisionRule,
    ranks: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """Computes all `METRICS`, float64 [R] each, for R weightings of the same videos.

    Undefined values are NaN: ranking metrics and balanced accuracy with one class only, precision if nothing is called
    FAKE, and all metrics without videos. The log loss is that of the DeepFake Detection Challenge, the calibration
    error has `CALIBRATION_BINS` bins of equal width, and the TPR at 1 % FPR is not interpolated: with fewer than 100
    REAL videos, it is that of a threshold that calls none of them FAKE.

    Args:
        labels: int64 [N], FAKE = 1.
        probabilities: float [N].
        weights: [R, N], how often each video counts.
        decision_rule: of the model, or of each video's.
        ranks: float [N], what ranking metrics rank the videos by; the probabilities if None.
    """
    probabilities = np.asarray(probabilities, np.float64)
    weights = np.asarray(weights, np.float64)
    called = probabilities >= decision_rule.threshold
    low, high = decision_rule.inconclusive_band or (np.inf, -np.inf)
    total, fakes = weights.sum(axis=1), weights @ labels
    reals = total - fakes
    true_positives, false_positives = weights @ (labels * called), weights @ ((1 - labels) * called)
    inconclusive = (probabilities >= low) & (probabilities <= high)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {
            **_ranked(labels, probabilities if ranks is None else ranks, weights, fakes, reals),
            "log_loss": log_loss(labels, probabilities, weights),
            "balanced_accuracy": (true_positives / fakes + 1 - false_positives / reals) / 2,
            "accuracy": (true_positives + reals - false_positives) / total,
            "precision": true_positives / (true_positives + false_positives),
            "recall": true_positives / fakes,
            "expected_calibration_error": expected_calibration_error(labels, probabilities, weights),
            "inconclusive_share": weights @ inconclusive / total,
        }
    return {name: found[name] for name in METRICS}


def measure_ranks(labels: np.ndarray, ranks: np.ndarray, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Computes the metrics `RANKED`, as `measure` does, from what ranks the videos, float [N]."""
    weights = np.asarray(weights, np.float64)
    fakes = weights @ labels
    with np.errstate(divide="ignore", invalid="ignore"):
        return _ranked(labels, ranks, weights, fakes, weights.sum(axis=1) - fakes)


def log_loss(labels: np.ndarray, probabilities: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Returns the weighted mean of -log p(true label), float64 [R]; the arguments are those of `measure`."""
    clipped = np.clip(np.asarray(probabilities, np.float64), _CLIP, 1 - _CLIP)
    losses = -np.where(labels == 1, np.log(clipped), np.log1p(-clipped))
    return weights @ losses / weights.sum(axis=1)


def expected_calibration_error(labels: np.ndarray, probabilities: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Returns the expected calibration error over `CALIBRATION_BINS` bins weighted by their videos, float64 [R].

    The arguments are those of `measure`.
    """
    gaps = np.zeros((len(labels), CALIBRATION_BINS))
    gaps[np.arange(len(labels)), bin_of(probabilities, CALIBRATION_BINS)] = probabilities - labels
    return np.abs(weights @ gaps).sum(axis=1) / weights.sum(axis=1)


def bin_of(probabilities: np.ndarray, bins: int) -> np.ndarray:
    """Returns the bin of each probability among `bins` of equal width, int64 [N]; the last includes its upper edge."""
    return np.minimum((probabilities * bins).astype(np.int64), bins - 1)


def _ranked(
    labels: np.ndarray, ranks: np.ndarray, weights: np.ndarray, fakes: np.ndarray, reals: np.ndarray
) -> dict[str, np.ndarray]:
    """Computes the metrics that depend only on the ranking of the videos."""
    if not len(labels):
        return dict.fromkeys(RANKED, np.full(len(weights), np.nan))
    order = np.argsort(-ranks, kind="stable")
    # One curve point per distinct rank, since no threshold separates ties.
    ends = np.append(np.flatnonzero(np.diff(ranks[order])), len(order) - 1)
    weights = weights[:, order]
    true_positives = _from_zero(np.cumsum(weights * labels[order], axis=1)[:, ends])
    false_positives = _from_zero(np.cumsum(weights, axis=1)[:, ends]) - true_positives
    precision = np.divide(
        true_positives,
        true_positives + false_positives,
        out=np.zeros_like(true_positives),
        where=true_positives + false_positives > 0,
    )
    tpr, fpr = true_positives / fakes[:, None], false_positives / reals[:, None]
    # Average precision is defined without REAL videos, but meaningless.
    both = np.where((fakes > 0) & (reals > 0), 1.0, np.nan)
    allowed = np.where(fpr <= FALSE_POSITIVE_RATE + _SLACK, tpr, 0.0)
    return {
        "auc": np.sum(np.diff(fpr) * (tpr[:, 1:] + tpr[:, :-1]) / 2, axis=1) * both,
        "average_precision": np.sum(np.diff(tpr) * precision[:, 1:], axis=1) * both,
        "equal_error_rate": _equal_error_rate(tpr, fpr) * both,
        "tpr_at_1_percent_fpr": allowed.max(axis=1) * both,
    }


def _equal_error_rate(tpr: np.ndarray, fpr: np.ndarray) -> np.ndarray:
    # Where the piecewise linear ROC curve meets the line on which both error rates are equal.
    surplus = fpr + tpr - 1
    after = np.argmax(surplus >= 0, axis=1)
    row = np.arange(len(tpr))
    before = np.maximum(after - 1, 0)
    rise = surplus[row, after] - surplus[row, before]
    share = np.divide(-surplus[row, before], rise, out=np.zeros(len(tpr)), where=rise > 0)
    return fpr[row, before] + share * (fpr[row, after] - fpr[row, before])


def _from_zero(counts: np.ndarray) -> np.ndarray:
    return np.concatenate([np.zeros((len(counts), 1)), counts], axis=1)
