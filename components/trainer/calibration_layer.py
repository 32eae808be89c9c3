"""The calibration as a layer of the served model."""

import keras
import numpy as np
from keras import layers, ops

from components.features import FRAME_MASK_XF, FRAME_SCORES, PROBABILITY_FAKE
from components.trainer.architectures.hyperparameters import FrameScore
from components.trainer.calibration import EPSILON, Calibration, soft_clip_slope
from components.trainer.layers import MaskScores


class CalibrationLayer(layers.Layer):
    """A `Calibration` in the graph: maps probabilities, float32 of any shape, to calibrated ones."""

    def __init__(self, calibration: Calibration) -> None:
        super().__init__(name="calibration", trainable=False, dtype="float32")
        self._calibration = calibration

    def call(self, probabilities: keras.KerasTensor) -> keras.KerasTensor:
        """Returns the calibrated probabilities."""
        calibration = self._calibration
        clipped = ops.clip(probabilities, EPSILON, 1 - EPSILON)
        odds = ops.log(clipped) - ops.log1p(-clipped)
        if calibration.method == "isotonic":
            calibrated = _interpolate(odds, *np.asarray(calibration.knots, np.float32).T)
        elif calibration.method == "temperature":
            calibrated = ops.sigmoid(odds / calibration.temperature + calibration.shift)
        else:
            calibrated = probabilities
        return _keep_from_ends(calibrated, calibration.clip)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Returns `input_shape`, as the layer is elementwise."""
        return input_shape


def calibrate_model(model: keras.Model, calibration: Calibration, frame_score: FrameScore) -> keras.Model:
    """Returns `model` with calibrated `probability_fake`, and calibrated `frame_scores` if those are probabilities."""
    layer = CalibrationLayer(calibration)
    scores = model.output[FRAME_SCORES]
    if frame_score.is_probability:
        scores = MaskScores()(layer(scores), model.input[FRAME_MASK_XF])
    return keras.Model(
        model.input, {PROBABILITY_FAKE: layer(model.output[PROBABILITY_FAKE]), FRAME_SCORES: scores}, name=model.name
    )


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
