"""InceptionV3 as a frame encoder: loading its weights, and folding BatchNorm into its kernels."""

import hashlib
import os
import tempfile

import keras
import numpy as np

from components import storage
from components.errors import UserError
from components.features import FRAME_SIZE
from components.frame_encoder.graph import encode_function
from components.served_model.encoder_engine import Engine, Precision
from components.source_digest import source_digest

RANDOM_PREFIX = "random:"
WAYS_OUT = (
    "give a weights file with --set encoder.weights=/path/to/inception_v3_notop.h5, "
    "or untrained weights with --set encoder.weights=random:0"
)


def build_inception(weights: str) -> keras.Model:
    """Builds InceptionV3 (Szegedy et al. 2015) without its top, with average pooling.

    Args:
        weights: `imagenet` (downloaded and hash-checked by Keras), `random:SEED`, or the path of a Keras
            weights file without the top.

    Returns:
        A model from float32 [B, 224, 224, 3] in [-1, 1] to float32 [B, 2048]. Random weights leave BatchNorm as
        initialised: calibrating its statistics drowns the signal of untrained kernels.

    Raises:
        UserError: if the weights are unavailable or do not fit.
    """
    if weights.startswith(RANDOM_PREFIX):
        keras.utils.set_random_seed(_seed(weights))
        return _architecture()
    if weights == "imagenet":
        try:
            return _architecture("imagenet")
        except Exception as error:
            # keras.utils.get_file raises a bare Exception for every download failure.
            raise UserError(f"encoder.weights: imagenet cannot be downloaded ({error}); {WAYS_OUT}") from error
    model = _architecture()
    _load_weights_file(model, weights)
    return model


def fold_batch_norm(model: keras.Model) -> keras.Model:
    """Returns the same function with every BatchNorm folded into the preceding convolution.

    In InceptionV3 each convolution has no bias and is followed by exactly one BatchNorm, so scale and shift move into
    the kernel and a new bias, which saves a sixth of the layers' memory traffic.
    """
    folded = keras.models.clone_model(model, clone_function=_with_bias, call_function=_skip_batch_norm)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            # Keras has no public way to get from a tensor to the layer that made it.
            convolution = layer.input._keras_history.operation
            folded.get_layer(convolution.name).set_weights(_folded_weights(convolution, layer))
    return folded


def encoder_fingerprint(model: keras.Model, precision: Precision, engine: Engine) -> str:
    """Returns the sha256, in hexadecimal, of the architecture's name, all weights, precision and engine.

    It also covers the code of the graph around the architecture.
    """
    graph = source_digest(encode_function.__module__)
    digest = hashlib.sha256("\0".join((model.name, precision, engine, graph)).encode())
    for weight in model.get_weights():
        digest.update(np.ascontiguousarray(weight).tobytes())
    return digest.hexdigest()


def require_digest(weights: str, digest: str | None) -> None:
    """Rejects a weights file that does not match the pinned `digest` (sha256, hexadecimal)."""
    if not digest:
        return
    found = hashlib.sha256(storage.read_bytes(weights)).hexdigest()
    if found != digest:
        raise UserError(
            f"encoder.weights: {weights!r} has sha256 {found}, not {digest}; correct the file or encoder.weights_digest"
        )


def _architecture(weights: str | None = None) -> keras.Model:
    return keras.applications.InceptionV3(
        include_top=False, weights=weights, pooling="avg", input_shape=(FRAME_SIZE, FRAME_SIZE, 3)
    )


def _seed(weights: str) -> int:
    try:
        return int(weights.removeprefix(RANDOM_PREFIX))
    except ValueError:
        raise UserError(f"encoder.weights: {weights!r} has no whole number as its seed; type random:0") from None


def _load_weights_file(model: keras.Model, weights: str) -> None:
    if not storage.exists(weights):
        raise UserError(f"encoder.weights: {weights!r} is not there; allowed are imagenet, random:SEED or a file")
    with tempfile.TemporaryDirectory() as folder:
        # Keras reads local files only, and infers the format from the name.
        path = os.path.join(folder, os.path.basename(weights))
        storage.copy(weights, path)
        try:
            model.load_weights(path)
        except (ValueError, OSError, KeyError) as error:
            reason = str(error).strip().split("\n")[0]
            raise UserError(
                f"encoder.weights: {weights!r} is no weights file of InceptionV3 without top ({reason}); {WAYS_OUT}"
            ) from error


def _with_bias(layer: keras.Layer) -> keras.Layer:
    config = layer.get_config()
    if isinstance(layer, keras.layers.Conv2D):
        config["use_bias"] = True
    return layer.__class__.from_config(config)


def _skip_batch_norm(layer: keras.Layer, *args: object, **kwargs: object) -> object:
    return args[0] if isinstance(layer, keras.layers.BatchNormalization) else layer(*args, **kwargs)


def _folded_weights(convolution: keras.layers.Conv2D, batch_norm: keras.layers.BatchNormalization) -> list[np.ndarray]:
    (kernel,) = convolution.get_weights()
    # Inception's BatchNorm has no gamma.
    beta, mean, variance = batch_norm.get_weights()
    scale = 1.0 / np.sqrt(variance + batch_norm.epsilon)
    return [kernel * scale, beta - mean * scale]
