"""Out-of-fold scores: each video is scored by a model trained without its fold."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from components.auditor.retraining import Retraining
from components.auditor.videos import Videos
from components.errors import UserError
from components.metrics.scores import Scores

FOLDS: Final = 5
_MIN_GROUPS: Final = 3


def grouped_folds(videos: Videos, seed: int) -> list[np.ndarray]:
    """Returns folds that split no group, stratified by class as well as that allows.

    Raises:
        UserError: if a class has fewer than three groups.
    """
    groups = [len(np.unique(videos.groups[videos.labels == label])) for label in (0, 1)]
    splitter = StratifiedGroupKFold(_fold_count(min(groups)), shuffle=True, random_state=seed)
    return [fold for _, fold in splitter.split(videos.ids, videos.labels, videos.groups)]


def random_folds(videos: Videos, seed: int, count: int) -> list[np.ndarray]:
    """Returns `count` random folds, stratified by class, that may separate a fake from its original."""
    splitter = StratifiedKFold(count, shuffle=True, random_state=seed)
    return [fold for _, fold in splitter.split(videos.ids, videos.labels)]


def out_of_fold(videos: Videos, folds: Sequence[np.ndarray], retraining: Retraining) -> Scores:
    """Scores each video [N] with a model that used the next fold for early stopping and trained on the others."""
    found = Scores(np.empty(len(videos.ids)), np.empty(len(videos.ids)))
    for index, tested in enumerate(folds):
        evaluation = folds[(index + 1) % len(folds)]
        train = np.setdiff1d(np.arange(len(videos.ids)), np.concatenate([tested, evaluation]))
        scores = retraining.score(videos, videos.labels, train=train, evaluation=evaluation, tested=tested)
        found.probabilities[tested], found.ranks[tested] = scores.probabilities, scores.ranks
    return found


def _fold_count(fewest: int) -> int:
    if fewest < _MIN_GROUPS:
        raise UserError(
            f"audit: a class has {fewest} groups, and {_MIN_GROUPS} are the least to train and test on; add videos"
        )
    return min(FOLDS, fewest)
