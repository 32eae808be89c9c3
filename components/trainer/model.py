"""Builds and compiles the model over a video's frame features."""

import keras
from keras import layers

from components.features import (
    FRAME_FEATURES_XF,
    FRAME_MASK_XF,
    FRAME_SCORES,
    LOG_ODDS_FAKE,
    PROBABILITY_FAKE,
)
from components.trainer.architectures import architecture
from components.trainer.layers import FrameDifferences, MaskScores
from components.trainer.mixed_precision import has_gpu
from components.trainer.settings import TrainerSettings

# XLA takes 10 to 30 s to compile on a CPU and halves the time per step: below this it does not pay off.
_COMPILED_FROM_STEPS = 2000
# Biases, and scale and shift of normalization.
_NOT_DECAYED = ("bias", "gamma", "beta")
# Training steps per iteration of the Python loop.
_STEPS_PER_EXECUTION = 16


def build_model(settings: TrainerSettings, *, frames: int, feature_size: int, name: str | None = None) -> keras.Model:
    """Builds the architecture that `settings` names, one member of what is served.

    Args:
        settings: of the training.
        frames: T.
        feature_size: D.
        name: of the model; the architecture's if None.

    Returns:
        A model from `frame_features_xf` float32 [B, T, D] and `frame_mask_xf` bool [B, T] to
        `probability_fake` and `log_odds_fake`, both float32 [B, 1], and `frame_scores` float32 [B, T].
    """
    chosen = architecture(settings.model)
    hyperparameters = chosen.Hyperparameters(**settings.hyperparameters)
    frame_features = keras.Input((frames, feature_size), name=FRAME_FEATURES_XF)
    frame_mask = keras.Input((frames,), dtype="bool", name=FRAME_MASK_XF)
    inputs = FrameDifferences()(frame_features, frame_mask) if settings.frame_differences else frame_features
    log_odds, scores = chosen.build(inputs, frame_mask, hyperparameters)
    return keras.Model(
        {FRAME_FEATURES_XF: frame_features, FRAME_MASK_XF: frame_mask},
        {
            # A layer, from which the loss takes the log odds rather than the logarithm of a rounded probability.
            PROBABILITY_FAKE: layers.Activation("sigmoid", dtype="float32")(log_odds),
            LOG_ODDS_FAKE: log_odds,
            FRAME_SCORES: MaskScores()(scores, frame_mask),
        },
        name=name or settings.model,
    )


def compile_training(model: keras.Model, settings: TrainerSettings, *, steps: int) -> keras.Model:
    """Compiles a model for training that has no frame scores and shares the weights of `model`.

    Args:
        model: from `build_model`, or the average of several.
        settings: of the training.
        steps: the maximum number of training steps; if they are many, XLA compiles them.
    """
    # Keras ignores the metrics of a model that has an output without a label.
    trained = keras.Model(model.input, model.output[PROBABILITY_FAKE], name=model.name)
    optimizer = keras.optimizers.Adam(
        settings.learning_rate,
        weight_decay=settings.weight_decay or None,
        global_clipnorm=settings.gradient_clip or None,
        **({"use_ema": True, "ema_momentum": settings.weight_averaging} if settings.weight_averaging else {}),
    )
    if settings.weight_decay:
        optimizer.exclude_from_weight_decay(var_names=_NOT_DECAYED)
    trained.compile(
        optimizer=optimizer,
        loss="binary_crossentropy",
        metrics=["accuracy", keras.metrics.AUC(name="auc")],
        jit_compile=True if steps >= _COMPILED_FROM_STEPS and not has_gpu() else "auto",
        steps_per_execution=_STEPS_PER_EXECUTION,
    )
    return trained
