"""Calibration of a model's probabilities, fitted on videos that the model was not trained on."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
import scipy.optimize
from scipy.special import expit, log_expit, logit, logsumexp
from sklearn.isotonic import IsotonicRegression

from components.served_model.soft_clip import soft_clip

# Keeps the log odds of a saturated sigmoid finite; 1 - EPSILON is exact in float32, too.
EPSILON = 2.0**-23
MAX_LOG_ODDS = math.log((1 - EPSILON) / EPSILON)
_TEMPERATURES = (0.05, 20.0)


@dataclasses.dataclass(frozen=True)
class Calibration:
    """A non-decreasing map from probability to probability.

    With x the model's log odds, `temperature` is sigmoid(x / temperature + shift), and `isotonic` interpolates
    linearly between its knots. `soft_clip` then keeps the result within `clip` and 1 - `clip`.

    Attributes:
        method: `temperature`, `isotonic` or `none`.
        temperature: above 1 if the model is overconfident.
        shift: added to the log odds; undoes the effect of class weights on them.
        knots: log odds, ascending, and the probability at each; constant beyond the first and the last.
        clip: the lowest probability that is returned.
    """

    method: str
    temperature: float = 1.0
    shift: float = 0.0
    knots: tuple[tuple[float, float], ...] = ()
    clip: float = 0.0

    def __call__(self, probabilities: np.ndarray) -> np.ndarray:
        """Calibrates probabilities of any shape."""
        odds = log_odds(probabilities)
        isotonic = self.method == "isotonic"
        return soft_clip(self._interpolated(odds) if isotonic else expit(self.log_odds(odds)), self.clip)

    def log_odds(self, odds: np.ndarray) -> np.ndarray:
        """Calibrates log odds of any shape, without the clip, for ranking; where `isotonic` is level, they tie."""
        if self.method == "isotonic":
            return log_odds(self._interpolated(odds))
        return odds / self.temperature + self.shift

    def _interpolated(self, odds: np.ndarray) -> np.ndarray:
        places, values = np.asarray(self.knots).T
        return np.interp(odds, places, values)


def log_odds(probabilities: np.ndarray) -> np.ndarray:
    """Log odds, float64; 0 and 1 are replaced by `EPSILON` and 1 - `EPSILON`."""
    return logit(np.clip(np.asarray(probabilities, np.float64), EPSILON, 1 - EPSILON))


def mean_log_odds(log_odds: np.ndarray) -> np.ndarray:
    """Returns the log odds of the mean of N probabilities, float64 [K], from theirs, [K, N]."""
    fake, real = (logsumexp(log_expit(odds), axis=1) for odds in (log_odds, -log_odds))
    return fake - real


def fit_temperature(labels: np.ndarray, probabilities: np.ndarray, *, shift: float, clip: float) -> Calibration:
    """Finds the temperature with the lowest log loss (Guo et al. 2017).

    The labels are smoothed as proposed by Platt (1999), since no finite temperature is optimal for a few videos that
    the model separates perfectly.
    """
    fakes, reals = labels.sum(), (1 - labels).sum()
    targets = np.where(labels == 1, (fakes + 1) / (fakes + 2), 1 / (reals + 2))
    odds = log_odds(probabilities)

    def loss(log_temperature: float) -> float:
        scaled = odds / np.exp(log_temperature) + shift
        return float(np.mean(np.logaddexp(0, scaled) - targets * scaled))

    found = scipy.optimize.minimize_scalar(loss, bounds=np.log(_TEMPERATURES), method="bounded")
    return Calibration("temperature", float(np.exp(found.x)), shift=shift, clip=clip)


def fit_isotonic(labels: np.ndarray, probabilities: np.ndarray, *, shift: float, clip: float) -> Calibration:
    """Fits an isotonic regression and interpolates between the centres of its constant segments.

    Unlike steps, interpolation keeps the ranking of videos, and with it the AUC (Oron and Flournoy 2017).
    """
    del shift
    # Rounded, so that no segment is steep enough to amplify negligible differences.
    odds = np.round(log_odds(probabilities), 1)
    levels = np.round(IsotonicRegression().fit(odds, labels).predict(odds), 9)
    values = np.unique(levels)
    centres = [float(odds[levels == value].mean()) for value in values]
    return Calibration("isotonic", knots=tuple(zip(centres, map(float, values), strict=True)), clip=clip)


FITS = {"temperature": fit_temperature, "isotonic": fit_isotonic}


def out_of_fold(
    method: str,
    labels: np.ndarray,
    probabilities: np.ndarray,
    folds: Sequence[np.ndarray],
    *,
    shift: float,
    clip: float,
) -> np.ndarray:
    """Calibrates each video with a map fitted without its fold; `folds` are the indices of their videos."""
    calibrated = np.empty(len(labels))
    for fold in folds:
        others = np.setdiff1d(np.arange(len(labels)), fold)
        fitted = FITS[method](labels[others], probabilities[others], shift=shift, clip=clip)
        calibrated[fold] = fitted(probabilities[fold])
    return calibrated
