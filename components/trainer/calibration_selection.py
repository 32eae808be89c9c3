"""Chooses a model's calibration and measures it by cross-validation."""

import dataclasses
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from components.features import FAKE, REAL
from components.metrics.video_metrics import CALIBRATION_BINS, expected_calibration_error, log_loss
from components.trainer.calibration import FITS, Calibration, out_of_fold

FOLDS: Final = 5
_Metric = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
# Videos of each class; with fewer, the comparison of methods is mostly noise, and one parameter is enough.
_MIN_VIDEOS_PER_CLASS = 25


@dataclasses.dataclass(frozen=True)
class ChosenCalibration:
    """A calibration, and `report`, its section of model.json."""

    calibration: Calibration
    report: dict[str, Any]


def choose_calibration(
    labels: np.ndarray,
    probabilities: np.ndarray,
    *,
    method: str,
    clip: float,
    shift: float,
    seed: int,
    groups: np.ndarray | None = None,
) -> ChosenCalibration:
    """Fits a calibration on the eval split.

    Args:
        labels: 0 or 1 [N], FAKE = 1.
        probabilities: the model's [N].
        method: `temperature`, `isotonic`, `none`, or `auto` for whichever of the first two has the lower
            cross-validated log loss.
        clip: the lowest probability that is returned.
        shift: added to the log odds; undoes the effect of class weights on them.
        seed: of the folds.
        groups: of each video [N]; no fold splits a group, since a fake and its original are scored alike. None if each
            video is its own group.
    """
    counts = {FAKE: int(labels.sum()), REAL: int(len(labels) - labels.sum())}
    fewest = min(counts.values())
    tried, reason = _methods(method, fewest)
    folds = calibration_folds(labels, np.arange(len(labels)) if groups is None else groups, seed)
    losses: dict[str, float] = {}
    calibrated: dict[str, np.ndarray] = {}
    if folds:
        for each in tried:
            calibrated[each] = out_of_fold(each, labels, probabilities, folds, shift=shift, clip=clip)
            losses[each] = _measured(log_loss, labels, calibrated[each])
    if tried:
        best = min(tried, key=lambda each: losses.get(each, 0))
        chosen = FITS[best](labels, probabilities, shift=shift, clip=clip)
    else:
        best, chosen = "none", Calibration("none", clip=clip)
        calibrated[best] = chosen(probabilities)
    after = calibrated.get(best)
    return ChosenCalibration(
        chosen,
        {
            **dataclasses.asdict(chosen),
            "reason": reason,
            "fitted_on": "eval",
            "videos": counts,
            "folds": len(folds) if losses else 0,
            "cross_validated_log_loss": losses,
            "log_loss": _before_and_after(log_loss, labels, probabilities, after),
            "expected_calibration_error": {
                "bins": CALIBRATION_BINS,
                **_before_and_after(expected_calibration_error, labels, probabilities, after),
            },
        },
    )


def calibration_folds(labels: np.ndarray, groups: np.ndarray, seed: int) -> list[np.ndarray]:
    """Returns the indices of up to `FOLDS` folds that split no group, stratified by class as well as that allows.

    Empty if a class has fewer than two groups.
    """
    count = min(FOLDS, *(len(np.unique(groups[labels == label])) for label in (0, 1)))
    if count < 2:
        return []
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    return [fold for _, fold in splitter.split(labels, labels, groups)]


def _methods(method: str, fewest: int) -> tuple[list[str], str]:
    if method == "none":
        return [], "decision.calibration is none"
    if fewest == 0:
        return [], "the eval split has videos of one class only"
    if method != "auto":
        return [method], f"decision.calibration is {method}"
    if fewest < _MIN_VIDEOS_PER_CLASS:
        return ["temperature"], f"the eval split has fewer than {_MIN_VIDEOS_PER_CLASS} videos of a class"
    return list(FITS), "the lower cross-validated log loss"


def _measured(metric: _Metric, labels: np.ndarray, probabilities: np.ndarray) -> float:
    return float(metric(labels, probabilities, np.ones((1, len(labels))))[0])


def _before_and_after(
    metric: _Metric, labels: np.ndarray, before: np.ndarray, after: np.ndarray | None
) -> dict[str, float | None]:
    # Without folds there is no out-of-fold `after`.
    return {
        "before": _measured(metric, labels, before),
        "after": None if after is None else _measured(metric, labels, after),
    }
