"""What the models knew of the test split, as numbers and in words."""

import collections
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from components.errors import UserError
from components.evaluator.comparison import ScoredModel, compare, is_comparable
from components.evaluator.predictions import Prediction
from components.evaluator.summary import measure_predictions, summarize
from components.served_model.training_videos import Known


def judge(
    candidate: ScoredModel, baseline: ScoredModel | None, *, split: str, group_by: str, min_slice_videos: int
) -> tuple[ScoredModel, ScoredModel | None, dict[str, Any]]:
    """Summarizes a split without the videos that the candidate was trained on, and compares it with the baseline.

    A model that was warm-started was trained on the videos of the one that it was started from.

    Args:
        candidate: with all N videos of the split.
        baseline: likewise, in the same order.
        split: its name.
        group_by: what the split's groups are made by.
        min_slice_videos: see `summarize`.

    Returns:
        The candidate and the baseline with the videos that the candidate is judged by, and the content of
        `metrics.json`.

    Raises:
        UserError: if no video is left, or only ones of one class.
    """
    unknown = ~candidate.trained_on
    if not unknown.all() and not is_comparable(candidate, unknown):
        raise UserError(
            f"the model cannot be judged: with the one that it was warm-started from it was trained on "
            f"{_share(candidate)} of the {split} split, and what is left has not both classes; add videos, or start "
            "from another model"
        )
    judged = candidate.only(unknown)
    summary = summarize(judged.predictions, judged.decision_rule, split=split, min_slice_videos=min_slice_videos)
    summary["known"] = {
        name: {**count_known(model.known), "complete": model.complete}
        for name, model in (("candidate", candidate), ("baseline", baseline))
        if model
    }
    summary["metrics_with_known"] = (
        None if unknown.all() else measure_predictions(candidate.predictions, candidate.decision_rule)
    )
    summary["comparison"] = compare(candidate, baseline) if baseline else None
    summary["remarks"] = [*_of_candidate(candidate, summary, split), *_of_baseline(baseline, summary, split, group_by)]
    return judged, baseline and baseline.only(unknown), summary


def count_known(known: Sequence[Known]) -> dict[str, int]:
    """Counts the videos that a model was trained on, by what tells it, and those of which it is not known."""
    counts = collections.Counter(known)
    return {each.value: counts[each] for each in (Known.DIGEST, Known.GROUP, Known.UNKNOWN)}


def mark_known(predictions: Sequence[Prediction], known: Sequence[Known]) -> list[Prediction]:
    """Returns the predictions, each with whether the model was trained on its video."""
    return [
        dataclasses.replace(prediction, known=each.value) for prediction, each in zip(predictions, known, strict=True)
    ]


def _of_candidate(candidate: ScoredModel, summary: Mapping[str, Any], split: str) -> list[str]:
    remarks = []
    if with_known := summary["metrics_with_known"]:
        remarks.append(
            f"with the model that it was warm-started from, it was trained on {_share(candidate)} of the {split} "
            f"split, which are left out: the AUC is {_value(summary['metrics']['auc'])} without them, and "
            f"{_value(with_known['auc'])} with them"
        )
    if not candidate.complete:
        remarks.append(f"unknown is whether it was trained on videos of the {split} split: {_WHY_UNKNOWN}")
    return remarks


def _of_baseline(baseline: ScoredModel | None, summary: Mapping[str, Any], split: str, group_by: str) -> list[str]:
    if baseline is None:
        return []
    remarks = []
    on_all, left = summary["comparison"]["all"], summary["comparison"]["unknown_to_both"]
    if baseline.trained_on.any():
        known = f"the baseline was trained on {_share(baseline)} of the {split} split"
        if left is None:
            remarks.append(f"{known}; what neither model knows has not both classes, so they are not compared")
        else:
            remarks.append(
                f"{known}: on the {sum(left['videos'].values()):,} that neither model knows the AUC changed by "
                f"{_change(left)} against it, and on all by {_change(on_all)}"
            )
    if not baseline.complete:
        remarks.append(f"unknown is whether the baseline was trained on videos of the {split} split: {_WHY_UNKNOWN}")
    elif group_by not in baseline.groupings and baseline.groupings:
        remarks.append(
            f"the baseline's videos were grouped by {' and '.join(baseline.groupings)}, these by "
            f"{group_by or 'nothing that is known'}: told is only whether it was trained on the same files"
        )
    return remarks


_WHY_UNKNOWN = "models of earlier versions do not tell, nor do those that were warm-started from them"


def _share(model: ScoredModel) -> str:
    counts = count_known(model.known)
    total = int(np.count_nonzero(model.trained_on))
    return (
        f"{total:,} of the {len(model.predictions):,} videos ({counts[Known.DIGEST.value]:,} the same files, "
        f"{counts[Known.GROUP.value]:,} of training groups)"
    )


def _value(estimate: Mapping[str, float | None]) -> str:
    return "undefined" if estimate["value"] is None else f"{estimate['value']:.3f}"


def _change(side_by_side: Mapping[str, Any]) -> str:
    value = side_by_side["metrics"]["auc"]["change"]["value"]
    return "an undefined amount" if value is None else f"{value:+.3f}"
