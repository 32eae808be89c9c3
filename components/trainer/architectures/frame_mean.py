"""The baseline for all other architectures: the mean over frames, and a dense layer."""

from typing import TYPE_CHECKING, Final

from components.trainer.architectures import hyperparameters as kinds

if TYPE_CHECKING:
    import keras

FRAME_SCORE: Final = kinds.FrameScore.ALONE
Hyperparameters = kinds.DenseHead
SEARCH_SPACE: Final = kinds.DENSE_HEAD_SEARCH_SPACE


def build(
    frame_features: "keras.KerasTensor", frame_mask: "keras.KerasTensor", hyperparameters: Hyperparameters
) -> "tuple[keras.KerasTensor, keras.KerasTensor]":
    """Masked mean-Dropout-Dense-Dropout-sigmoid; invariant to the order of frames."""
    from keras import layers

    from components.trainer.layers import apply_head, dense_head

    head = dense_head(hyperparameters.dense_units, hyperparameters.dropout)
    mean = layers.GlobalAveragePooling1D()(frame_features, mask=frame_mask)
    return apply_head(head, mean, frame_features)
