"""What an audit says: what it measured, with intervals and counts, a warning where there is cause, rows for a human."""

import dataclasses
import json
import math
import os
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

import numpy as np
import pydantic
import tensorflow as tf

from components.auditor.settings import AUDITS
from components.metrics import video_metrics
from components.metrics.bootstrap import estimate_all
from components.whole_files import write_whole

AUDITS_FILE: Final = "audits.json"
COMPARED: Final = ("auc", "log_loss")
"""The metrics that a change is told in."""

_MEASUREMENTS: Final = pydantic.Field(validation_alias=pydantic.AliasChoices("measurements", "figures"))
_NO_VERDICT: Final = video_metrics.DecisionRule(threshold=0.5)


@dataclasses.dataclass(frozen=True)
class Measurement:
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
        measurements: what was measured.
        warning: one sentence, None where there is no cause.
        rows: videos that a human should look at, if the audit names any.
        model_digest: of the model that was audited; empty where an earlier version did not say.
        data_fingerprint: of the videos that it was trained on.
    """

    name: str
    headline: str
    # Earlier versions wrote `figures`.
    measurements: Annotated[list[Measurement], _MEASUREMENTS]
    warning: str | None = None
    rows: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    model_digest: str = ""
    data_fingerprint: str = ""


def measure(name: str, metric: str, labels: np.ndarray, probabilities: np.ndarray, groups: np.ndarray) -> Measurement:
    """Computes a metric with its interval.

    Args:
        name: of the measurement.
        metric: one of the Evaluator's.
        labels: int64 [N], FAKE = 1.
        probabilities: float [N], or [N, K] for the metric's mean over K predictions of each video.
        groups: str [N].
    """
    return _measurement(name, lambda weights: _means(metric, labels, probabilities, weights), groups)


def compare(
    metric: str,
    labels: np.ndarray,
    groups: np.ndarray,
    before: tuple[str, np.ndarray],
    after: tuple[str, np.ndarray],
    name: str = "",
) -> list[Measurement]:
    """Measures two predictions of the same videos, each with its name, and the change from one to the other.

    The arguments are as `measure` takes them; `name` stands for the metric's in the names of the measurements.
    """

    def change(weights: np.ndarray) -> np.ndarray:
        return _means(metric, labels, after[1], weights) - _means(metric, labels, before[1], weights)

    name = name or metric
    return [
        *(measure(f"{name}, {words}", metric, labels, scores, groups) for words, scores in (before, after)),
        _measurement(f"{name}, change", change, groups),
    ]


def write_audits(folder: str, audits: Sequence[Audit]) -> None:
    """Writes `audits.json` into `folder`, whole or not at all."""
    content = json.dumps([dataclasses.asdict(audit) for audit in audits], indent=2)
    write_whole(os.path.join(folder, AUDITS_FILE), content.encode())


def read_audits(folder: str) -> list[Audit]:
    """Reads what `write_audits` wrote."""
    with tf.io.gfile.GFile(os.path.join(folder, AUDITS_FILE)) as file:
        return pydantic.TypeAdapter(list[Audit]).validate_python(json.load(file))


def keep_audits(earlier: Sequence[Audit], later: Sequence[Audit]) -> list[Audit]:
    """The later audits, and the earlier ones of the same model that were not made anew, in the order of `AUDITS`."""
    models = {audit.model_digest for audit in later}
    by_name = {audit.name: audit for audit in earlier if audit.model_digest in models}
    by_name |= {audit.name: audit for audit in later}
    return sorted(by_name.values(), key=lambda audit: AUDITS.index(audit.name))


def _means(metric: str, labels: np.ndarray, probabilities: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The mean over columns of predictions, float64 [R], for weights [R, N]."""
    columns = probabilities.reshape(len(probabilities), -1).T
    return np.mean([video_metrics.measure(labels, each, weights, _NO_VERDICT)[metric] for each in columns], axis=0)


def _measurement(name: str, statistic: Callable[[np.ndarray], np.ndarray], groups: np.ndarray) -> Measurement:
    found = estimate_all(lambda weights: {name: statistic(weights)}, groups)[name]
    return Measurement(name, _defined(found.value), _defined(found.low), _defined(found.high), len(groups))


def _defined(number: float) -> float | None:
    return None if math.isnan(number) else number
