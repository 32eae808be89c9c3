"""Compares a model with the baseline on the same videos, with those that either was trained on and without them."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from components.evaluator.scored_video import ScoredVideo, scores_of_videos
from components.evaluator.summary import count_videos, number
from components.metrics.bootstrap import Estimate, estimate_all
from components.metrics.decision_rules import AnyDecisionRule
from components.metrics.video_metrics import is_fake, measure
from components.served_model.training_videos import Known


@dataclasses.dataclass(frozen=True)
class ScoredModel:
    """A model's predictions for N videos, and its decision rule.

    Attributes:
        predictions: one for each video.
        decision_rule: of the model, or of the model of each video.
        known: of each video, whether the model was trained on it; empty if it was on none.
        complete: whether it tells of all that it was trained on.
        groupings: what the groups of its training were made by.
    """

    predictions: Sequence[ScoredVideo]
    decision_rule: AnyDecisionRule
    known: Sequence[Known] = ()
    complete: bool = True
    groupings: tuple[str, ...] = ()

    @property
    def trained_on(self) -> np.ndarray:
        """Which of the videos the model was trained on, bool [N]."""
        if not self.known:
            return np.zeros(len(self.predictions), bool)
        return np.asarray([each.was_trained_on for each in self.known], bool)

    def only(self, members: np.ndarray) -> "ScoredModel":
        """Returns the model with those videos alone that are members, bool [N]."""
        indices = np.flatnonzero(members)
        return dataclasses.replace(
            self,
            predictions=[self.predictions[index] for index in indices],
            decision_rule=self.decision_rule.of(indices),
            known=[self.known[index] for index in indices] if self.known else (),
        )


def is_comparable(model: ScoredModel, members: np.ndarray) -> bool:
    """Whether the members, bool [N], are videos of both classes."""
    labels = is_fake([prediction.label for prediction in model.predictions])
    return len(np.unique(labels[members])) == 2


def changes(candidate: ScoredModel, baseline: ScoredModel, members: np.ndarray) -> dict[str, Estimate]:
    """Returns by how much each metric differs from the baseline's on the members, bool [N], from paired resamples."""
    ours, theirs = candidate.only(members), baseline.only(members)
    groups = np.asarray([prediction.group_id for prediction in ours.predictions])

    def difference(weights: np.ndarray) -> dict[str, np.ndarray]:
        first, second = (_measure(model, weights) for model in (ours, theirs))
        return {metric: first[metric] - second[metric] for metric in first}

    return estimate_all(difference, groups)


def compare(candidate: ScoredModel, baseline: ScoredModel) -> dict[str, Any]:
    """Returns both models' metrics and the changes, on all videos and on those that neither was trained on.

    The latter, `unknown_to_both`, is None if it has not both classes.
    """
    everything = np.ones(len(candidate.predictions), bool)
    unknown = ~(candidate.trained_on | baseline.trained_on)
    on_all = _side_by_side(candidate, baseline, everything)
    if unknown.all():
        return {"all": on_all, "unknown_to_both": on_all}
    comparable = is_comparable(candidate, unknown)
    return {
        "all": on_all,
        "unknown_to_both": _side_by_side(candidate, baseline, unknown) if comparable else None,
    }


def _side_by_side(candidate: ScoredModel, baseline: ScoredModel, members: np.ndarray) -> dict[str, Any]:
    ours, theirs = candidate.only(members), baseline.only(members)
    everything = np.ones((1, len(ours.predictions)))
    first, second = (_measure(model, everything) for model in (ours, theirs))
    found = changes(candidate, baseline, members)
    return {
        **count_videos(ours.predictions),
        "metrics": {
            metric: {
                "candidate": number(float(first[metric][0])),
                "baseline": number(float(second[metric][0])),
                "change": {end: number(value) for end, value in dataclasses.asdict(found[metric]).items()},
            }
            for metric in first
        },
    }


def _measure(model: ScoredModel, weights: np.ndarray) -> dict[str, np.ndarray]:
    labels = is_fake([prediction.label for prediction in model.predictions])
    scores = scores_of_videos(model.predictions)
    return measure(labels, scores.probabilities, weights, model.decision_rule, scores.ranks)
