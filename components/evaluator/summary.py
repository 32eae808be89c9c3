"""All metrics of a split as data: overall and by slice, with counts and intervals."""

import functools
import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from components.emptied_splits import require_videos
from components.evaluator.scored_video import ScoredVideo, scores_of_videos
from components.evaluator.slices import find_slices
from components.features import FAKE, REAL
from components.metrics.bootstrap import INTERVAL, Estimate, estimate_all
from components.metrics.decision_rules import AnyDecisionRule, DecisionRules
from components.metrics.scores import Scores
from components.metrics.video_metrics import is_fake, measure

SCORE_BINS: Final = 10


def summarize(
    predictions: Sequence[ScoredVideo], decision_rule: AnyDecisionRule, *, split: str, min_slice_videos: int
) -> dict[str, Any]:
    """Computes all metrics of a split, overall and by slice, with counts and intervals; None where undefined.

    Args:
        predictions: of all videos of the split.
        decision_rule: of the model, or of the model of each video.
        split: its name.
        min_slice_videos: of each class; a slice with fewer has no intervals and is not judged.

    Raises:
        UserError: if there are no predictions.
    """
    require_videos(split, len(predictions))
    labels = is_fake([prediction.label for prediction in predictions])
    scores = scores_of_videos(predictions)
    groups = np.asarray([prediction.group_id for prediction in predictions])
    slices = []
    for part in find_slices([prediction.facts for prediction in predictions], labels):
        members = part.members
        judged = bool(np.bincount(labels[members], minlength=2).min() >= min_slice_videos)
        slices.append(
            {
                "column": part.column,
                "value": part.value,
                "against": part.against,
                **_counts(labels[members], groups[members]),
                "judged": judged,
                "metrics": _metrics(
                    labels[members],
                    scores.of(members),
                    groups[members],
                    decision_rule.of(members),
                    intervals=judged,
                ),
            }
        )
    return {
        "split": split,
        **_counts(labels, groups),
        "synthetic": any(prediction.synthetic for prediction in predictions),
        **_rule_of_all(decision_rule),
        "interval": INTERVAL,
        "min_slice_videos": min_slice_videos,
        "metrics": measure_predictions(predictions, decision_rule),
        "scores": score_histogram(labels, scores.probabilities),
        "slices": slices,
    }


def score_histogram(labels: np.ndarray, probabilities: np.ndarray) -> list[dict[str, float]]:
    """Counts videos by label in `SCORE_BINS` bins of equal width with the keys `from`, `to`, `FAKE` and `REAL`.

    A bin includes its lower edge, and the last one its upper edge, too.
    """
    edges = [index / SCORE_BINS for index in range(SCORE_BINS + 1)]
    fakes, reals = (np.histogram(probabilities[labels == label], edges)[0].tolist() for label in (1, 0))
    return [
        {"from": low, "to": high, FAKE: fake, REAL: real}
        for low, high, fake, real in zip(edges[:-1], edges[1:], fakes, reals, strict=True)
    ]


def count_videos(predictions: Sequence[ScoredVideo]) -> dict[str, Any]:
    """Counts `videos` by label, and `groups`."""
    return _counts(
        is_fake([prediction.label for prediction in predictions]),
        np.asarray([prediction.group_id for prediction in predictions]),
    )


def measure_predictions(
    predictions: Sequence[ScoredVideo], decision_rule: AnyDecisionRule
) -> dict[str, dict[str, float | None]]:
    """Returns all metrics of the predictions with their intervals; None where undefined."""
    labels = is_fake([prediction.label for prediction in predictions])
    groups = np.asarray([prediction.group_id for prediction in predictions])
    return _metrics(labels, scores_of_videos(predictions), groups, decision_rule, intervals=True)


def number(value: float) -> float | None:
    """Returns the value for JSON, which has no NaN: None stands for undefined."""
    return None if math.isnan(value) else value


def _counts(labels: np.ndarray, groups: np.ndarray) -> dict[str, Any]:
    fakes = int(labels.sum())
    return {"videos": {FAKE: fakes, REAL: len(labels) - fakes}, "groups": len(np.unique(groups))}


def _rule_of_all(decision_rule: AnyDecisionRule) -> dict[str, Any]:
    # Several models have no common one.
    if isinstance(decision_rule, DecisionRules):
        return {}
    return {"threshold": decision_rule.threshold, "inconclusive_band": decision_rule.inconclusive_band}


def _metrics(
    labels: np.ndarray,
    scores: Scores,
    groups: np.ndarray,
    decision_rule: AnyDecisionRule,
    *,
    intervals: bool,
) -> dict[str, dict[str, float | None]]:
    measured = functools.partial(measure, labels, scores.probabilities, decision_rule=decision_rule, ranks=scores.ranks)
    if intervals:
        estimates = estimate_all(measured, groups)
    else:
        estimates = {name: Estimate(float(value[0])) for name, value in measured(np.ones((1, len(labels)))).items()}
    return {
        name: {"value": number(found.value), "low": number(found.low), "high": number(found.high)}
        for name, found in estimates.items()
    }
