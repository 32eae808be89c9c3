"""The Evaluator's verdict, its rules and the slices."""

import dataclasses
import errno
import os
from typing import Any, Final

from components import storage
from components.json_files import read_json
from components.metrics.results import (
    DECISION_FILE,
    METRICS_FILE,
    UNKNOWN_TRAINING_REMARK,
    read_cross_validation,
    read_decision,
)
from components.report_gen.optional_files import read_if_exists

_BLESSED_FILE = "BLESSED"
SLICE_METRICS: Final = ("auc", "accuracy", "precision", "recall", "log_loss")
MAX_SLICES: Final = 150


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """The Evaluator's results.

    Attributes:
        blessed: whether the model passed all rules.
        failed: the messages of the rules that it failed.
        metrics: the content of `metrics.json`.
        decision: the content of `decision.json`; None if there is none.
        cross_validation: the content of `cross_validation.json`; None if the run made none.
        slices: of the metrics, the judged ones first.
        slices_left_out: number of slices that are not shown.
        remarks: sentences on test videos that the model or the baseline was trained on.
    """

    blessed: bool
    failed: list[str]
    metrics: dict[str, Any]
    decision: dict[str, Any] | None
    cross_validation: dict[str, Any] | None
    slices: list[dict[str, Any]]
    slices_left_out: int
    remarks: list[str]


def read_evaluation(video_metrics: str, blessing: str) -> Evaluation:
    """Reads the artifacts `video_metrics` and `blessing`.

    Raises:
        FileNotFoundError: if the Evaluator wrote no metrics.
    """
    path = os.path.join(video_metrics, METRICS_FILE)
    metrics = read_if_exists(read_json, path)
    if metrics is None:
        raise FileNotFoundError(errno.ENOENT, "is not there", path)
    decision = read_if_exists(read_decision, os.path.join(video_metrics, DECISION_FILE))
    slices = sorted(
        metrics.get("slices", []), key=lambda one: (not one["judged"], one["column"], -sum(one["videos"].values()))
    )
    return Evaluation(
        blessed=storage.exists(os.path.join(blessing, _BLESSED_FILE)),
        failed=[rule["message"] for rule in (decision or {}).get("rules", []) if not rule["passed"]],
        metrics=metrics,
        decision=decision,
        cross_validation=read_cross_validation(video_metrics),
        slices=slices[:MAX_SLICES],
        slices_left_out=len(slices[MAX_SLICES:]),
        remarks=metrics.get("remarks", [UNKNOWN_TRAINING_REMARK]),
    )
