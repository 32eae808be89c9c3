"""The calibration as a layer of the served model."""

import keras
import numpy as np
from keras import layers, ops

from components.features import FRAME_MASK_XF, FRAME_SCORES, LOG_ODDS_FAKE, PROBABILITY_FAKE, PROBABILITY_STD
from components.served_model.soft_clip import soft_clip_slope
from components.trainer.architectures.hyperparameters import FrameScore
from components.trainer.calibration import EPSILON, MAX_LOG_ODDS, Calibration
from components.trainer.ensemble import MEMBER_LOG_ODDS
from components.trainer.layers import MaskScores


class CalibrationLayer(layers.Layer):
    """A `Calibration` in the graph: maps log odds, float32 of any shape, to calibrated probabilities and log odds."""

    def __init__(self, calibration: Calibration) -> None:
        super().__init__(name="calibration", trainable=False, dtype="float32")
        self._calibration = calibration

    def call(self, log_odds: keras.KerasTensor) -> tuple[keras.KerasTensor, keras.KerasTensor]:
        """Returns the calibrated and clipped probabilities, and the calibrated log odds, which are not clipped.

        Where one rises the other does not fall.
        """
        calibration = self._calibration
        bounded = ops.clip(log_odds, -MAX_LOG_ODDS, MAX_LOG_ODDS)
        if calibration.method == "isotonic":
            probabilities = _interpolate(bounded, *np.asarray(calibration.knots, np.float32).T)
            return _keep_from_ends(probabilities, calibration.clip), log_odds_of(probabilities)
        if calibration.method == "temperature":
            log_odds, bounded = (odds / calibration.temperature + calibration.shift for odds in (log_odds, bounded))
        return _keep_from_ends(ops.sigmoid(bounded), calibration.clip), log_odds

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
        """Returns `input_shape` twice, as the layer is elementwise."""
        return input_shape, input_shape


def calibrate_model(model: keras.Model, calibration: Calibration, frame_score: FrameScore) -> keras.Model:
    """Returns the model that is served.

    Args:
        model: from `average_members`.
        calibration: fitted on its probabilities.
        frame_score: tells whether `frame_scores` are probabilities, which are calibrated, too.

    Returns:
        A model with calibrated `probability_fake` and `log_odds_fake`, `frame_scores`, and `probability_std`: the
        standard deviation of the members' probabilities, each calibrated by the same map.
    """
    layer = CalibrationLayer(calibration)
    probability, log_odds = layer(model.output[LOG_ODDS_FAKE])
    of_members, _ = layer(model.output[MEMBER_LOG_ODDS])
    scores = model.output[FRAME_SCORES]
    if frame_score.is_probability:
        scores = MaskScores()(layer(log_odds_of(scores))[0], model.input[FRAME_MASK_XF])
    outputs = {
        PROBABILITY_FAKE: probability,
        PROBABILITY_STD: ops.std(of_members, axis=-1, keepdims=True),
        LOG_ODDS_FAKE: log_odds,
        FRAME_SCORES: scores,
    }
    return keras.Model(model.input, outputs, name=model.name)


def log_odds_of(probabilities: keras.KerasTensor) -> keras.KerasTensor:
    """Returns the log odds of float32 probabilities, finite also for 0 and 1."""
    clipped = ops.clip(probabilities, EPSILON, 1 - EPSILON)
    return ops.log(clipped) - ops.log1p(-clipped)


def _keep_from_ends(probabilities: keras.KerasTensor, clip: float) -> keras.KerasTensor:
    if not clip:
        return probabilities
    near = ops.minimum(probabilities, 1 - probabilities)
    kept = ops.maximum(near, clip + near * soft_clip_slope(clip))
    return ops.where(probabilities < 0.5, kept, 1 - kept)


def _interpolate(values: keras.KerasTensor, places: np.ndarray, heights: np.ndarray) -> keras.KerasTensor:
    # Each segment adds its rise times the fraction of it that lies below the value.
    if len(places) == 1:
        return ops.full_like(values, heights[0])
    climbed = ops.clip((values[..., None] - places[:-1]) / np.diff(places), 0, 1)
    return heights[0] + ops.sum(climbed * np.diff(heights), axis=-1)
