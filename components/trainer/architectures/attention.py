"""Attention pooling: a learned weight for each frame, then the weighted mean."""

from typing import TYPE_CHECKING, Final

from components.trainer.architectures import hyperparameters as kinds

if TYPE_CHECKING:
    import keras

FRAME_SCORE: Final = kinds.FrameScore.ATTENTION
SEARCH_SPACE: Final = {
    "width": (32, 64, 128),
    "attention_units": (16, 32, 64),
    "dense_units": (16, 32, 64),
    "dropout": (0.2, 0.35, 0.5),
}


class Hyperparameters(kinds.Hyperparameters):
    """For the projection, the attention, and the layers after the pooling."""

    width: kinds.Units = 64
    attention_units: kinds.Units = 32
    dense_units: kinds.Units = 32
    dropout: kinds.Dropout = 0.5


def build(
    frame_features: "keras.KerasTensor", frame_mask: "keras.KerasTensor", hyperparameters: Hyperparameters
) -> "tuple[keras.KerasTensor, keras.KerasTensor]":
    """Dense(width)-attention over frames-Dropout-Dense-Dropout-sigmoid; invariant to the order of frames.

    The weights are softmax(w tanh(V h)) over the valid frames (Bahdanau et al. 2015; Ilse et al. 2018).
    """
    from keras import layers

    from components.trainer.layers import dense_head

    states = layers.Dense(hyperparameters.width, activation="relu")(frame_features)
    states = layers.Dropout(hyperparameters.dropout)(states)
    energies = layers.Dense(hyperparameters.attention_units, activation="tanh")(states)
    energies = layers.Dense(1, use_bias=False)(energies)
    weights = layers.Softmax(dtype="float32")(layers.Flatten()(energies), mask=frame_mask)
    values = layers.Dot(axes=1)([weights, states])
    for layer in dense_head(hyperparameters.dense_units, hyperparameters.dropout):
        values = layer(values)
    return values, weights
