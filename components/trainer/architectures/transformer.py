"""A small transformer encoder over the frames, with learned positions."""

from typing import TYPE_CHECKING, Final

import pydantic

from components.trainer.architectures import hyperparameters as kinds

if TYPE_CHECKING:
    import keras

FRAME_SCORE: Final = kinds.FrameScore.IN_CONTEXT
SEARCH_SPACE: Final = {
    "width": (32, 64, 128),
    "heads": (2, 4, 8),
    "encoder_layers": (1, 2, 3),
    "feed_forward_units": (64, 128, 256),
    "dropout": (0.1, 0.3, 0.5),
}


class Hyperparameters(kinds.Hyperparameters):
    """`width` is split among the `heads`."""

    width: kinds.Units = 64
    heads: kinds.Units = 4
    encoder_layers: kinds.Units = 2
    feed_forward_units: kinds.Units = 128
    dropout: kinds.Dropout = 0.3

    @pydantic.model_validator(mode="after")
    def _heads_share_the_width(self) -> "Hyperparameters":
        if self.width % self.heads:
            raise ValueError(f"width={self.width} must be a multiple of heads={self.heads}")
        return self


def build(
    frame_features: "keras.KerasTensor", frame_mask: "keras.KerasTensor", hyperparameters: Hyperparameters
) -> "tuple[keras.KerasTensor, keras.KerasTensor]":
    """Dense(width) + positions-[normalised self-attention and feed-forward, each residual]-masked mean-sigmoid.

    Pre-layer normalisation (Xiong et al. 2020) needs no learning-rate warm-up.
    """
    from keras import layers

    from components.trainer.layers import FramePositions, apply_head, log_odds_layer

    states = FramePositions()(layers.Dense(hyperparameters.width)(frame_features))
    for _ in range(hyperparameters.encoder_layers):
        states = _encoder_layer(states, frame_mask, hyperparameters)
    states = layers.LayerNormalization()(states)
    head = (layers.Dropout(hyperparameters.dropout), log_odds_layer())
    mean = layers.GlobalAveragePooling1D()(states, mask=frame_mask)
    return apply_head(head, mean, states)


def _encoder_layer(
    states: "keras.KerasTensor", frame_mask: "keras.KerasTensor", hyperparameters: Hyperparameters
) -> "keras.KerasTensor":
    from keras import layers

    normalised = layers.LayerNormalization()(states)
    attention = layers.MultiHeadAttention(
        hyperparameters.heads, hyperparameters.width // hyperparameters.heads, dropout=hyperparameters.dropout
    )
    # No query attends to a masked frame; the pooling ignores the outputs of masked queries.
    attended = attention(normalised, normalised, key_mask=frame_mask)
    states = layers.Add()([states, layers.Dropout(hyperparameters.dropout)(attended)])
    values = layers.LayerNormalization()(states)
    values = layers.Dense(hyperparameters.feed_forward_units, activation="gelu")(values)
    values = layers.Dense(hyperparameters.width)(values)
    return layers.Add()([states, layers.Dropout(hyperparameters.dropout)(values)])
