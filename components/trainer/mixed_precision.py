"""Mixed-precision training on a GPU."""

import contextlib
from collections.abc import Iterator

import keras
import tensorflow as tf


def has_gpu() -> bool:
    """Whether TensorFlow sees a GPU."""
    return bool(tf.config.list_physical_devices("GPU"))


@contextlib.contextmanager
def mixed_precision(enabled: bool) -> Iterator[None]:
    """If `enabled`, layers created in this context compute in float16 and keep their weights in float32.

    A model compiled in it scales its loss, so that small gradients do not underflow.
    """
    before = keras.config.dtype_policy()
    if enabled:
        # Not bfloat16, which cuDNN's recurrent layers do not support.
        keras.config.set_dtype_policy("mixed_float16")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
