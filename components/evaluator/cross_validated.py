"""Measures the out-of-fold scores of all videos, and judges bounds by them."""

import collections
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from components.cross_validator.out_of_fold import OutOfFold
from components.evaluator.bounds import Bound
from components.evaluator.gate import Rule, ScoredModel, check_bounds
from components.evaluator.summary import summarize
from components.features import SPLITS
from components.metrics.decision_rules import DecisionRules
from components.metrics.results import CROSS_VALIDATION
from components.served_model.description import Description

_IN_WORDS: Final = "cross-validation"


def summarize_cross_validation(
    scores: Sequence[OutOfFold], min_slice_videos: int, description: Description
) -> dict[str, Any]:
    """Returns the metrics of all videos as `summarize` does, the folds with their models' rules, and caveats.

    Args:
        scores: of all videos.
        min_slice_videos: of each class; a slice with fewer has no intervals and is not judged.
        description: of the model whose training was repeated.
    """
    folds = collections.Counter(score.fold for score in scores)
    rules = {score.fold: (score.threshold, score.inconclusive_band) for score in scores}
    splits = collections.Counter(score.split for score in scores)
    return {
        **summarize(scores, _rules_of(scores), split=CROSS_VALIDATION, min_slice_videos=min_slice_videos),
        "splits": {split: splits[split] for split in SPLITS},
        "folds": [
            {"fold": fold, "videos": folds[fold], "threshold": rules[fold][0], "inconclusive_band": rules[fold][1]}
            for fold in sorted(folds)
        ],
        "caveats": list(_caveats(description)),
    }


def check_cross_validation(
    scores: Sequence[OutOfFold],
    summary: Mapping[str, Any],
    bounds: Mapping[str, Bound],
    slice_bounds: Mapping[str, Mapping[str, Bound]],
) -> list[Rule]:
    """Checks bounds by the out-of-fold scores; the arguments are those of `check_bounds`, and the rules say so."""
    found = check_bounds(ScoredModel(scores, _rules_of(scores)), None, summary, bounds, slice_bounds)
    return [dataclasses.replace(rule, split=CROSS_VALIDATION, message=f"{_IN_WORDS}: {rule.message}") for rule in found]


def absolute(bounds: Mapping[str, Bound]) -> dict[str, Bound]:
    """Returns what of the bounds needs no baseline."""
    return {
        metric: Bound(min=bound.min, max=bound.max, on=bound.on)
        for metric, bound in bounds.items()
        if bound.min is not None or bound.max is not None
    }


def relative(bounds: Mapping[str, Bound]) -> dict[str, Bound]:
    """Returns what of the bounds compares with the baseline."""
    return {
        metric: Bound(worse_by=bound.worse_by, on=bound.on)
        for metric, bound in bounds.items()
        if bound.worse_by is not None
    }


def _caveats(description: Description) -> Iterator[str]:
    if description.trainer.get("warm_start"):
        yield "the folds' models start from random weights, since those of trainer.warm_start may know held-out videos"
    if description.searched:
        yield "the hyperparameters were searched on videos that folds hold out, so these figures may be too good"


def _rules_of(scores: Sequence[OutOfFold]) -> DecisionRules:
    bands = np.asarray([score.inconclusive_band or (np.nan, np.nan) for score in scores], np.float64).reshape(-1, 2)
    return DecisionRules(np.asarray([score.threshold for score in scores], np.float64), (bands[:, 0], bands[:, 1]))
