"""From settings to a compiled model over one video's frame features."""

import keras

from components.features import (
    FEATURE_SIZE,
    FRAME_FEATURES_XF,
    FRAME_MASK_XF,
    FRAME_SCORES,
    FRAMES,
    PROBABILITY_FAKE,
)
from components.trainer.layers import FrameDifferences, MaskScores
from components.trainer.models import architecture
from components.trainer.settings import TrainerSettings


def build_model(settings: TrainerSettings, *, frames: int = FRAMES, feature_size: int = FEATURE_SIZE) -> keras.Model:
    """Builds and compiles the model.

    Args:
        settings: of the training.
        frames: T.
        feature_size: D.

    Returns:
        A model from `frame_features_xf` float32 [B, T, D] and `frame_mask_xf` bool [B, T] to
        `probability_fake` float32 [B, 1], which alone is trained, and `frame_scores` float32 [B, T].
    """
    chosen = architecture(settings.model)
    hyperparameters = chosen.Hyperparameters(**settings.hyperparameters)
    frame_features = keras.Input((frames, feature_size), name=FRAME_FEATURES_XF)
    frame_mask = keras.Input((frames,), dtype="bool", name=FRAME_MASK_XF)
    inputs = FrameDifferences()(frame_features, frame_mask) if settings.frame_differences else frame_features
    probability, scores = chosen.build(inputs, frame_mask, hyperparameters)
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
