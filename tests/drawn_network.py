"""Networks that stand for the encoder's where any network will do."""

import keras

from components.frame_encoder.graph import Network


def drawn_network(frames: keras.KerasTensor, features: keras.KerasTensor) -> Network:
    """Returns the network between the two tensors, which takes its frames as InceptionV3 does."""
    return Network("drawn", keras.Model(frames, features), keras.applications.inception_v3.preprocess_input)
