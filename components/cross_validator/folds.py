"""The folds of a cross-validation: no group is in two, and each has videos of both classes."""

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from components.errors import UserError
from components.features import FAKE, REAL

_KEY = "evaluator.cross_validation"


def make_folds(labels: np.ndarray, groups: np.ndarray, count: int, seed: int) -> list[np.ndarray]:
    """Returns the indices of `count` folds that split no group, stratified by class as well as that allows.

    Args:
        labels: int64 [N], FAKE = 1.
        groups: str [N].
        count: the number of folds.
        seed: of the order in which groups are dealt out.

    Raises:
        UserError: if a class has fewer groups than there are folds, or a fold would lack a class.
    """
    for label, name in enumerate((REAL, FAKE)):
        found = len(np.unique(groups[labels == label]))
        if found < count:
            smaller = f"type --set {_KEY}={found}, or add videos" if found >= 3 else f"add videos, or set {_KEY} to 0"
            raise UserError(
                f"{_KEY}={count}: the {name} videos are in {found} groups, and each fold needs one; {smaller}"
            )
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    folds = [fold for _, fold in splitter.split(labels, labels, groups)]
    for number, fold in enumerate(folds, 1):
        if len(lacking := np.setdiff1d((0, 1), labels[fold])):
            raise UserError(
                f"{_KEY}={count}: fold {number} would have no {(REAL, FAKE)[lacking[0]]} video, so unequal are the "
                f"groups; set it lower (3 is the least), or 0 for none"
            )
    return folds
