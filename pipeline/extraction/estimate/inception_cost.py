"""InceptionV3's convolutions with random weights and nothing else: as costly as the encoder, and ready at once."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import tensorflow as tf

from components.served_model.encoder_architecture import ENCODER_ARCHITECTURES

Convolution = tuple[int, int, int]
"""Filters, rows and columns of the kernel."""
Branch = Sequence[Convolution]

# Those that halve the sides have an unpadded last convolution; see `_reduced`.
_STEM: Final = (((32, 3, 3), 2, "VALID"), ((32, 3, 3), 1, "VALID"), ((64, 3, 3), 1, "SAME"))
_STEM_AFTER_POOL: Final = (((80, 1, 1), 1, "VALID"), ((192, 3, 3), 1, "VALID"))


def _small(pool: int) -> tuple[Branch, ...]:
    return [(64, 1, 1)], [(48, 1, 1), (64, 5, 5)], [(64, 1, 1), (96, 3, 3), (96, 3, 3)], [(pool, 1, 1)]


def _medium(width: int) -> tuple[Branch, ...]:
    across, down = (width, 1, 7), (width, 7, 1)
    return (
        [(192, 1, 1)],
        [(width, 1, 1), across, (192, 7, 1)],
        [(width, 1, 1), down, across, down, (192, 1, 7)],
        [(192, 1, 1)],
    )


def make_encoder(*, half: bool) -> Callable[[np.ndarray], Any]:
    """Returns a function from frames uint8 [N, 224, 224, 3] to float32 [N, 2048], in bfloat16 if `half`."""
    kind = tf.bfloat16 if half else tf.float32
    values = np.random.default_rng(0).normal(0, 0.01, 100_000).astype(np.float32)

    def convolve(inputs: Any, convolution: Convolution, stride: int = 1, padding: str = "SAME") -> Any:
        filters, rows, columns = convolution
        shape = (rows, columns, inputs.shape[-1], filters)
        with tf.init_scope():
            kernel = tf.cast(np.resize(values, shape), kind)
        if half:
            # As in the encoder, whose weights are constants in bfloat16 only.
            kernel = tf.constant(kernel.numpy())
        return tf.nn.relu(tf.nn.conv2d(inputs, kernel, stride, padding))

    def chain(inputs: Any, branch: Branch) -> Any:
        for convolution in branch:
            inputs = convolve(inputs, convolution)
        return inputs

    def mixed(inputs: Any, branches: Sequence[Branch]) -> Any:
        *others, pooled = branches
        averages = tf.nn.avg_pool2d(inputs, 3, 1, "SAME")
        return tf.concat([*(chain(inputs, branch) for branch in others), chain(averages, pooled)], axis=-1)

    def reduced(inputs: Any, branches: Sequence[Branch]) -> Any:
        halved = [convolve(chain(inputs, branch[:-1]), branch[-1], 2, "VALID") for branch in branches]
        return tf.concat([*halved, tf.nn.max_pool2d(inputs, 3, 2, "VALID")], axis=-1)

    def parted(inputs: Any) -> Any:
        return tf.concat([convolve(inputs, (384, 1, 3)), convolve(inputs, (384, 3, 1))], axis=-1)

    def large(inputs: Any) -> Any:
        averages = tf.nn.avg_pool2d(inputs, 3, 1, "SAME")
        return tf.concat(
            [
                convolve(inputs, (320, 1, 1)),
                parted(convolve(inputs, (384, 1, 1))),
                parted(chain(inputs, [(448, 1, 1), (384, 3, 3)])),
                convolve(averages, (192, 1, 1)),
            ],
            axis=-1,
        )

    def encode(frames: Any) -> Any:
        inputs = tf.cast(frames, kind) / 127.5 - 1.0
        for convolution, stride, padding in _STEM:
            inputs = convolve(inputs, convolution, stride, padding)
        inputs = tf.nn.max_pool2d(inputs, 3, 2, "VALID")
        for convolution, stride, padding in _STEM_AFTER_POOL:
            inputs = convolve(inputs, convolution, stride, padding)
        inputs = tf.nn.max_pool2d(inputs, 3, 2, "VALID")
        for pool in (32, 64, 64):
            inputs = mixed(inputs, _small(pool))
        inputs = reduced(inputs, ([(384, 3, 3)], [(64, 1, 1), (96, 3, 3), (96, 3, 3)]))
        for width in (128, 160, 160, 192):
            inputs = mixed(inputs, _medium(width))
        inputs = reduced(inputs, ([(192, 1, 1), (320, 3, 3)], [(192, 1, 1), (192, 1, 7), (192, 7, 1), (192, 3, 3)]))
        inputs = large(large(inputs))
        return tf.cast(tf.reduce_mean(inputs, axis=(1, 2)), tf.float32)

    size = ENCODER_ARCHITECTURES["inception_v3"].frame_size
    frames = tf.TensorSpec([None, size, size, 3], tf.uint8)
    return tf.function(encode, input_signature=[frames], autograph=False)
