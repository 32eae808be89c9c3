"""The networks of the frame encoder: building them, and loading their weights."""

import hashlib
import os
import tempfile

import keras
import numpy as np

from components import storage
from components.errors import UserError
from components.frame_encoder.graph import Network, encode_function
from components.served_model.encoder_architecture import ENCODER_ARCHITECTURES, IMAGENET, RANDOM_PREFIX, EncoderName
from components.served_model.encoder_engine import Engine, Precision
from components.source_digest import source_digest

_WAYS_OUT = (
    "give a weights file with --set encoder.weights=/path/to/{name}_notop.h5, "
    "or untrained weights with --set encoder.weights=random:0"
)


def build_network(name: EncoderName, weights: str) -> Network:
    """Builds a network of `keras.applications` without its top, with average pooling.

    Args:
        name: of the architecture.
        weights: `imagenet` (downloaded and hash-checked by Keras), `random:SEED`, or the path of a Keras
            weights file without the top.

    Returns:
        The network. Random weights leave BatchNorm as initialised: calibrating its statistics drowns the signal of
        untrained kernels.

    Raises:
        UserError: if the weights are unavailable or do not fit.
    """
    module = getattr(keras.applications, ENCODER_ARCHITECTURES[name].module)
    return Network(name, _with_weights(name, weights), module.preprocess_input)


def weights_fingerprint(network: Network) -> str:
    """Returns the sha256, in hexadecimal, of the architecture's name and all weights."""
    digest = hashlib.sha256(network.architecture.encode())
    for weight in network.model.get_weights():
        digest.update(np.ascontiguousarray(weight).tobytes())
    return digest.hexdigest()


def encoder_fingerprint(weights: str, precision: Precision, engine: Engine) -> str:
    """Returns the sha256, in hexadecimal, of everything that affects the features.

    It also covers the code of the graph around the network.

    Args:
        weights: as returned by `weights_fingerprint`.
        precision: of the features.
        engine: that computes them.
    """
    graph = source_digest(encode_function.__module__)
    return hashlib.sha256("\0".join((weights, precision, engine, graph)).encode()).hexdigest()


def require_digest(weights: str, digest: str | None) -> None:
    """Rejects a weights file that does not match the pinned `digest` (sha256, hexadecimal)."""
    if not digest:
        return
    found = hashlib.sha256(storage.read_bytes(weights)).hexdigest()
    if found != digest:
        raise UserError(
            f"encoder.weights: {weights!r} has sha256 {found}, not {digest}; correct the file or encoder.weights_digest"
        )


def _with_weights(name: EncoderName, weights: str) -> keras.Model:
    if weights.startswith(RANDOM_PREFIX):
        keras.utils.set_random_seed(_seed(weights))
        return _untrained(name)
    if weights == IMAGENET:
        try:
            return _untrained(name, weights)
        except Exception as error:
            # keras.utils.get_file raises a bare Exception for every download failure.
            ways_out = _WAYS_OUT.format(name=name)
            raise UserError(f"encoder.weights: imagenet cannot be downloaded ({error}); {ways_out}") from error
    model = _untrained(name)
    _load_weights_file(model, name, weights)
    return model


def _untrained(name: EncoderName, weights: str | None = None) -> keras.Model:
    chosen = ENCODER_ARCHITECTURES[name]
    build = getattr(keras.applications, chosen.network)
    size = (chosen.frame_size, chosen.frame_size, 3)
    return build(include_top=False, weights=weights, pooling="avg", input_shape=size)


def _seed(weights: str) -> int:
    try:
        return int(weights.removeprefix(RANDOM_PREFIX))
    except ValueError:
        raise UserError(f"encoder.weights: {weights!r} has no whole number as its seed; type random:0") from None


def _load_weights_file(model: keras.Model, name: EncoderName, weights: str) -> None:
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
            network = ENCODER_ARCHITECTURES[name].network
            raise UserError(
                f"encoder.weights: {weights!r} is no weights file of {network} without top ({reason}); "
                + _WAYS_OUT.format(name=name)
            ) from error
