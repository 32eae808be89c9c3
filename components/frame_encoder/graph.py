"""The folded encoder as one TensorFlow function, in either precision."""

import dataclasses
from collections.abc import Callable

import keras
import tensorflow as tf

from components.served_model.encoder_engine import Precision

_KEPT_IN_FLOAT32 = (
    # The mean over all positions needs the precision, and this is where the features return to float32.
    keras.layers.GlobalAveragePooling2D,
    # Networks that hold their own preprocessing begin with these.
    keras.layers.Rescaling,
    keras.layers.Normalization,
)


@dataclasses.dataclass(frozen=True)
class Network:
    """A network and the preprocessing of its input.

    Attributes:
        architecture: its name.
        model: from preprocessed frames float32 [N, S, S, 3] to features float32 [N, D].
        preprocess: from frames float32 [N, S, S, 3] RGB, 0 to 255, to what `model` takes.
    """

    architecture: str
    model: keras.Model
    preprocess: Callable[[tf.Tensor], tf.Tensor]

    @property
    def frame_size(self) -> int:
        """Height and width of a frame in pixels, S."""
        return self.model.input_shape[1]

    @property
    def feature_size(self) -> int:
        """Width of a frame's feature vector, D."""
        return self.model.output_shape[-1]


def encode_function(network: Network, precision: Precision) -> Callable[[tf.Tensor], tf.Tensor]:
    """Returns the fastest form of a network with its preprocessing: uint8 [N, S, S, 3] RGB to float32 [N, D].

    In float32 the weights stay variables of the model: as constants they save no time and cost 1.4 GB of memory. In
    bfloat16 they are constants, because only then does oneDNN reorder them for the processor once instead of on every
    call; casting them ahead of time halves their size.
    """
    if precision == "float32":
        return lambda frames: network.model(network.preprocess(tf.cast(frames, tf.float32)), training=False)
    half = _in_bfloat16(network.model)
    trainable = [variable.numpy() for variable in half.trainable_variables]
    others = [variable.numpy() for variable in half.non_trainable_variables]

    def encode(frames: tf.Tensor) -> tf.Tensor:
        constants = [tf.constant(value) for value in trainable], [tf.constant(value) for value in others]
        preprocessed = network.preprocess(tf.cast(frames, tf.float32))
        encoded, _ = half.stateless_call(*constants, preprocessed, training=False)
        return encoded

    return encode


def _in_bfloat16(model: keras.Model) -> keras.Model:
    half = keras.models.clone_model(model, clone_function=_layer_in_bfloat16)
    half.set_weights(model.get_weights())
    return half


def _layer_in_bfloat16(layer: keras.Layer) -> keras.Layer:
    config = layer.get_config()
    # An operation such as + is no layer, and has no precision of its own.
    if isinstance(layer, keras.Layer):
        config["dtype"] = "float32" if isinstance(layer, _KEPT_IN_FLOAT32) else "bfloat16"
    return layer.__class__.from_config(config)
