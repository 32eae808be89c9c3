"""Layers over frames that Keras lacks; masked frames do not affect their results."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers, ops

# Without it the gradient at a deviation of zero is infinite, which occurs for units after a ReLU.
_VARIANCE_EPSILON = 1e-3


def log_odds_layer() -> keras.Layer:
    """The last layer; its output is float32 even if the rest of the model computes in half precision."""
    return layers.Dense(1, dtype="float32")


def dense_head(units: int, dropout: float) -> tuple[keras.Layer, ...]:
    """Dropout-Dense-Dropout-Dense, from a state [..., U] to the log odds of FAKE [..., 1]."""
    return (
        layers.Dropout(dropout),
        layers.Dense(units, activation="relu"),
        layers.Dropout(dropout),
        log_odds_layer(),
    )


def apply_head(
    head: Sequence[keras.Layer], video: keras.KerasTensor, frames: keras.KerasTensor
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Applies the same layers to the video's state [B, U] and the frames' [B, T, U].

    Returns:
        The log odds of the video [B, 1] and the probabilities of the frames [B, T].
    """
    for layer in head:
        video, frames = layer(video), layer(frames)
    return video, ops.squeeze(ops.sigmoid(frames), axis=-1)


@keras.saving.register_keras_serializable("deepfake")
class FrameDifferences(layers.Layer):
    """Appends to each frame's features their absolute difference from the previous frame.

    The difference is zero for the first frame and for masked ones.
    """

    def call(self, frame_features: keras.KerasTensor, frame_mask: keras.KerasTensor) -> keras.KerasTensor:
        """Maps features [B, T, D] and mask bool [B, T] to [B, T, 2 D]."""
        differences = ops.abs(frame_features[:, 1:] - frame_features[:, :-1])
        valid = ops.cast(frame_mask[:, 1:, None], differences.dtype)
        differences = ops.pad(differences * valid, [[0, 0], [1, 0], [0, 0]])
        return ops.concatenate([frame_features, differences], axis=-1)


@keras.saving.register_keras_serializable("deepfake")
class MaskScores(layers.Layer):
    """Sets the scores of masked frames to zero."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        # The scores of a Softmax carry a Keras mask.
        self.supports_masking = True

    def call(self, scores: keras.KerasTensor, frame_mask: keras.KerasTensor) -> keras.KerasTensor:
        """Maps scores [B, T] and mask bool [B, T] to [B, T]."""
        return scores * ops.cast(frame_mask, scores.dtype)


@keras.saving.register_keras_serializable("deepfake")
class MaskedStatistics(layers.Layer):
    """Mean and standard deviation over the valid frames."""

    def call(self, frames: keras.KerasTensor, frame_mask: keras.KerasTensor) -> keras.KerasTensor:
        """Maps frames [B, T, U] and mask bool [B, T] to [B, 2 U]."""
        valid = frame_mask[:, :, None]
        count = ops.sum(ops.cast(valid, frames.dtype), axis=1)
        mean = ops.sum(ops.where(valid, frames, 0), axis=1) / count
        variance = ops.sum(ops.where(valid, ops.square(frames - mean[:, None]), 0), axis=1) / count
        return ops.concatenate([mean, ops.sqrt(variance + _VARIANCE_EPSILON)], axis=-1)


@keras.saving.register_keras_serializable("deepfake")
class RunningStatistics(layers.Layer):
    """Mean and standard deviation over each frame and all frames before it."""

    def call(self, frames: keras.KerasTensor) -> keras.KerasTensor:
        """Maps frames [B, T, U] to [B, T, 2 U]."""
        count = ops.arange(1, frames.shape[1] + 1, dtype=frames.dtype)[None, :, None]
        mean = ops.cumsum(frames, axis=1) / count
        # Rounding may make a variance slightly negative.
        variance = ops.maximum(ops.cumsum(ops.square(frames), axis=1) / count - ops.square(mean), 0)
        return ops.concatenate([mean, ops.sqrt(variance + _VARIANCE_EPSILON)], axis=-1)


@keras.saving.register_keras_serializable("deepfake")
class FramePositions(layers.Layer):
    """Adds a learned position embedding to each frame."""

    def build(self, frames_shape: tuple[int | None, ...]) -> None:
        """Creates the embeddings [T, U]."""
        self.positions = self.add_weight(
            name="positions", shape=frames_shape[1:], initializer=keras.initializers.RandomNormal(stddev=0.02)
        )

    def call(self, frames: keras.KerasTensor) -> keras.KerasTensor:
        """Maps frames [B, T, U] to [B, T, U]."""
        return frames + ops.cast(self.positions, frames.dtype)
