"""What an audit says: figures with their intervals and counts, a warning where there is cause, rows for a human."""

import dataclasses
import json
import math
import os
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import sklearn.metrics
import tensorflow as tf

from components.evaluator.video_metrics import Metric, estimate
from components.trainer.calibration import log_loss

AUDITS_FILE: Final = "audits.json"


@dataclasses.dataclass(frozen=True)
class Figure:
    """A number, its 95 % interval (resampled by group), and of how many videos; None where undefined."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    count: int

    def in_words(self, form: str = ".3f") -> str:
        """`0.812 (0.702 to 0.911)`."""
        value, low, high = (
            "undefined" if number is None else format(number, form) for number in (self.value, self.low, self.high)
        )
        return f"{value} ({low} to {high})"


@dataclasses.dataclass(frozen=True)
class Audit:
    """The outcome of one audit.

    Attributes:
        name: one of `AUDITS`.
        headline: one sentence for people.
        figures: what was measured.
        warning: one sentence, None where there is no cause.
        rows: videos that a human should look at, if the audit names any.
    """

    name: str
    headline: str
    figures: list[Figure]
    warning: str | None = None
    rows: list[dict[str, Any]] = dataclasses.field(default_factory=list)


def auc(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """The area under the ROC curve; NaN of one class only."""
    return float(sklearn.metrics.roc_auc_score(labels, probabilities)) if len(np.unique(labels)) == 2 else math.nan


METRICS: Final[dict[str, Metric]] = {"auc": auc, "log_loss": log_loss}


def measure(name: str, metric: Metric, labels: np.ndarray, probabilities: np.ndarray, groups: np.ndarray) -> Figure:
    """Computes a metric with its interval.

    Args:
        name: of the figure.
        metric: from labels [N] and probabilities [N] to a float.
        labels: int64 [N], FAKE = 1.
        probabilities: float [N], or [N, K] for the metric's mean over K predictions of each video.
        groups: str [N].
    """
    found = estimate(_mean_over_columns(metric), labels, _columns(probabilities), groups)
    return Figure(name, _defined(found.value), _defined(found.low), _defined(found.high), len(labels))


def compare(
    name: str,
    metric: Metric,
    labels: np.ndarray,
    groups: np.ndarray,
    before: tuple[str, np.ndarray],
    after: tuple[str, np.ndarray],
) -> tuple[Figure, Figure, Figure]:
    """Measures two predictions of the same videos, each with its name, and the change from one to the other.

    The predictions are as `measure` takes them.
    """
    count = _columns(before[1]).shape[1]
    mean = _mean_over_columns(metric)

    def change(labels: np.ndarray, both: np.ndarray) -> float:
        return mean(labels, both[:, count:]) - mean(labels, both[:, :count])

    found = estimate(change, labels, np.column_stack([before[1], after[1]]), groups)
    return (
        measure(f"{name}, {before[0]}", metric, labels, before[1], groups),
        measure(f"{name}, {after[0]}", metric, labels, after[1], groups),
        Figure(f"{name}, change", _defined(found.value), _defined(found.low), _defined(found.high), len(labels)),
    )


def write_audits(folder: str, audits: Sequence[Audit]) -> None:
    """Writes `audits.json` into `folder`."""
    tf.io.gfile.makedirs(folder)
    with tf.io.gfile.GFile(os.path.join(folder, AUDITS_FILE), "w") as file:
        json.dump([dataclasses.asdict(audit) for audit in audits], file, indent=2)


def read_audits(folder: str) -> list[Audit]:
    """Reads what `write_audits` wrote."""
    with tf.io.gfile.GFile(os.path.join(folder, AUDITS_FILE)) as file:
        rows = json.load(file)
    return [Audit(**{**row, "figures": [Figure(**figure) for figure in row["figures"]]}) for row in rows]


def _mean_over_columns(metric: Metric) -> Metric:
    return lambda labels, columns: float(np.mean([metric(labels, column) for column in columns.T]))


def _columns(probabilities: np.ndarray) -> np.ndarray:
    return probabilities.reshape(len(probabilities), -1)


def _defined(number: float) -> float | None:
    return None if math.isnan(number) else number
