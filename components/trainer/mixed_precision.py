"""Half precision in training, where there is a GPU."""

import contextlib
from collections.abc import Iterator

import keras
import tensorflow as tf


def has_gpu() -> bool:
    """Whether TensorFlow sees a GPU."""
    return bool(tf.config.list_physical_devices("GPU"))


@contextlib.contextmanager
def mixed_precision(enabled: bool) -> Iterator[None]:
    """Layers that are made within compute in float16 and keep their weights in float32, if `enabled`.

    A model that is compiled within scales its loss, so that small gradients are not lost.
    """
    before = keras.config.dtype_policy()
    if enabled:
        # Not bfloat16, which cuDNN's recurrent layers do not take.
        keras.config.set_dtype_policy("mixed_float16")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
