"""From settings to a compiled model over one video's frame features."""

import keras
from keras import layers, ops

from components.features import (
    FEATURE_SIZE,
    FRAME_FEATURES_XF,
    FRAME_MASK_XF,
    FRAME_SCORES,
    FRAMES,
    PROBABILITY_FAKE,
)
from components.trainer.models import architecture
from components.trainer.settings import TrainerSettings


@keras.saving.register_keras_serializable("deepfake")
class FrameDifferences(layers.Layer):
    """Appends to each frame's features their absolute difference to the frame before.

    Takes features [B, T, D] and mask bool [B, T], gives [B, T, 2 D]; the difference is zero for the first
    frame and for masked ones.
    """

    def call(self, frame_features: keras.KerasTensor, frame_mask: keras.KerasTensor) -> keras.KerasTensor:
        """Computes the layer."""
        differences = ops.abs(frame_features[:, 1:] - frame_features[:, :-1])
        valid = ops.cast(frame_mask[:, 1:, None], differences.dtype)
        differences = ops.pad(differences * valid, [[0, 0], [1, 0], [0, 0]])
        return ops.concatenate([frame_features, differences], axis=-1)


@keras.saving.register_keras_serializable("deepfake")
class MaskScores(layers.Layer):
    """Sets the scores [B, T] of masked frames to zero."""

    def call(self, scores: keras.KerasTensor, frame_mask: keras.KerasTensor) -> keras.KerasTensor:
        """Computes the layer."""
        return scores * ops.cast(frame_mask, scores.dtype)


def build_model(settings: TrainerSettings) -> keras.Model:
    """Builds and compiles the model.

    Returns:
        A model from `frame_features_xf` float32 [B, T, D] and `frame_mask_xf` bool [B, T] to
        `probability_fake` float32 [B, 1], which alone is trained, and `frame_scores` float32 [B, T].
    """
    frame_features = keras.Input((FRAMES, FEATURE_SIZE), name=FRAME_FEATURES_XF)
    frame_mask = keras.Input((FRAMES,), dtype="bool", name=FRAME_MASK_XF)
    inputs = FrameDifferences()(frame_features, frame_mask) if settings.frame_differences else frame_features
    probability, scores = architecture(settings.model)(inputs, frame_mask)
    model = keras.Model(
        {FRAME_FEATURES_XF: frame_features, FRAME_MASK_XF: frame_mask},
        {PROBABILITY_FAKE: probability, FRAME_SCORES: MaskScores()(scores, frame_mask)},
        name=settings.model,
    )
    model.compile(
        optimizer=keras.optimizers.Adam(settings.learning_rate),
        loss={PROBABILITY_FAKE: "binary_crossentropy", FRAME_SCORES: None},
        metrics={PROBABILITY_FAKE: ["accuracy", keras.metrics.AUC(name="auc")]},
    )
    return model
