"""The Kaggle notebook's recurrent model: three masked GRUs over the frames' features."""

from typing import TYPE_CHECKING, Final

from components.trainer.architectures import hyperparameters as kinds

if TYPE_CHECKING:
    import keras

FRAME_SCORE: Final = kinds.FrameScore.RUNNING
SEARCH_SPACE: Final = {
    "units": ((32, 16, 8), (64, 32, 16), (128, 64, 32)),
    "dropout": (0.2, 0.35, 0.5),
    "dense_units": (16, 32, 64),
}


class Hyperparameters(kinds.Hyperparameters):
    """The defaults are the notebook's."""

    units: tuple[kinds.Units, kinds.Units, kinds.Units] = (64, 32, 16)
    dropout: kinds.Dropout = 0.5
    dense_units: kinds.Units = 32


def build(
    frame_features: "keras.KerasTensor", frame_mask: "keras.KerasTensor", hyperparameters: Hyperparameters
) -> "tuple[keras.KerasTensor, keras.KerasTensor]":
    """GRU(64)-BatchNorm-GRU(32)-BatchNorm-GRU(16)-Dropout-Dense(32)-Dropout-sigmoid."""
    from keras import layers

    from components.trainer.layers import apply_head, dense_head

    first, second, last = hyperparameters.units
    states = layers.GRU(first, return_sequences=True)(frame_features, mask=frame_mask)
    states = layers.BatchNormalization()(states, mask=frame_mask)
    states = layers.GRU(second, return_sequences=True)(states, mask=frame_mask)
    states = layers.BatchNormalization()(states, mask=frame_mask)
    # The last state, not the output of the last step: cuDNN returns zeros for masked steps.
    states, last_state = layers.GRU(last, return_sequences=True, return_state=True)(states, mask=frame_mask)
    head = dense_head(hyperparameters.dense_units, hyperparameters.dropout)
    return apply_head(head, last_state, states)
