"""The small recurrent model from a comment in the Kaggle notebook: two masked GRUs, no normalisation."""

from typing import TYPE_CHECKING, Final

from components.trainer.architectures import hyperparameters as kinds

if TYPE_CHECKING:
    import keras

FRAME_SCORE: Final = kinds.FrameScore.RUNNING
SEARCH_SPACE: Final = {
    "units": ((8, 4), (16, 8), (32, 16)),
    "dropout": (0.2, 0.4, 0.6),
    "dense_units": (4, 8, 16),
}


class Hyperparameters(kinds.Hyperparameters):
    """The defaults are the notebook's."""

    units: tuple[kinds.Units, kinds.Units] = (16, 8)
    dropout: kinds.Dropout = 0.4
    dense_units: kinds.Units = 8


def build(
    frame_features: "keras.KerasTensor", frame_mask: "keras.KerasTensor", hyperparameters: Hyperparameters
) -> "tuple[keras.KerasTensor, keras.KerasTensor]":
    """GRU(16)-GRU(8)-Dropout-Dense(8)-sigmoid."""
    from keras import layers

    from components.trainer.layers import apply_head, log_odds_layer

    first, last = hyperparameters.units
    states = layers.GRU(first, return_sequences=True)(frame_features, mask=frame_mask)
    # The last state, not the output of the last step: cuDNN returns zeros for masked steps.
    states, last_state = layers.GRU(last, return_sequences=True, return_state=True)(states, mask=frame_mask)
    head = (
        layers.Dropout(hyperparameters.dropout),
        layers.Dense(hyperparameters.dense_units, activation="relu"),
        log_odds_layer(),
    )
    return apply_head(head, last_state, states)
