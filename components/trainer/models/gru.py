"""The Kaggle notebook's recurrent model: three masked GRUs over the frames' features."""

from collections.abc import Sequence

import keras
from keras import layers, ops


def build(
    frame_features: keras.KerasTensor, frame_mask: keras.KerasTensor
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """GRU(64)-BatchNorm-GRU(32)-BatchNorm-GRU(16)-Dropout-Dense(32)-Dropout-sigmoid.

    The score of a frame is the verdict of the same head on the state after that frame: what the model would
    have said, had the video ended there.
    """
    states = layers.GRU(64, return_sequences=True)(frame_features, mask=frame_mask)
    states = layers.BatchNormalization()(states, mask=frame_mask)
    states = layers.GRU(32, return_sequences=True)(states, mask=frame_mask)
    states = layers.BatchNormalization()(states, mask=frame_mask)
    # The last state, not the last step: cuDNN gives zeros for masked steps.
    states, last_state = layers.GRU(16, return_sequences=True, return_state=True)(states, mask=frame_mask)
    head = (
        layers.Dropout(0.5),
        layers.Dense(32, activation="relu"),
        layers.Dropout(0.5),
        layers.Dense(1, activation="sigmoid"),
    )
    return _apply(head, last_state), ops.squeeze(_apply(head, states), axis=-1)


def _apply(stack: Sequence[keras.Layer], values: keras.KerasTensor) -> keras.KerasTensor:
    for layer in stack:
        values = layer(values)
    return values
