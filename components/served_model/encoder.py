"""The frame encoder as it lies on disk: uint8 frames in, feature vectors out."""

import json
import os
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import tensorflow as tf

from components.plain_path import plain_path
from components.served_model.openvino_encoder import load_openvino

ENCODE: Final = "encode"
"""The one endpoint of the SavedModel: frames uint8 [N, 224, 224, 3] RGB to features float32 [N, 2048]."""

DESCRIPTION_FILE: Final = "assets.extra/encoder.json"


def load_encoder(path: str) -> Callable[[np.ndarray], np.ndarray]:
    """Loads the encoder at `path` as a function from uint8 [N, 224, 224, 3] to float32 [N, 2048].

    It runs in the engine and the precision that its description names.

    Raises:
        UserError: if its engine is not installed.
    """
    description = read_description(path)
    if description["engine"] == "openvino":
        return load_openvino(path, description["precision"])
    return load_tensorflow(path)


def load_tensorflow(path: str) -> Callable[[np.ndarray], np.ndarray]:
    """Loads the SavedModel at `path`, whatever its description names."""
    # As fast as `tf.saved_model.load`, which takes 0.3 GB more where the weights are constants, as in bfloat16.
    session = tf.compat.v1.Session(graph=tf.Graph())
    with session.graph.as_default():
        signature = tf.compat.v1.saved_model.load(session, ["serve"], plain_path(path)).signature_def[ENCODE]
    (frames,), (encoded,) = signature.inputs.values(), signature.outputs.values()
    return session.make_callable(encoded.name, feed_list=[frames.name])


def describe_served_encoder(path: str, encoder_path: str) -> None:
    """Makes the served model at `path`, which has the endpoint `ENCODE`, an encoder that `load_encoder` loads.

    It holds the TensorFlow form of the one at `encoder_path`, whatever engine that one names. The fingerprint tells
    the features of both apart, where they are not computed alike.
    """
    description = read_description(encoder_path)
    if description["engine"] != "tensorflow":
        fingerprint = f"{description['fingerprint']}-tensorflow"
        description = {**description, "engine": "tensorflow", "fingerprint": fingerprint, "agreement": None}
    write_description(path, description)


def read_description(path: str) -> dict[str, Any]:
    """Reads what the encoder at `path` is: see `build_encoder`."""
    with tf.io.gfile.GFile(os.path.join(path, DESCRIPTION_FILE)) as file:
        return json.load(file)


def write_description(path: str, description: dict[str, Any]) -> None:
    """Writes what the encoder at `path` is."""
    target = os.path.join(path, DESCRIPTION_FILE)
    tf.io.gfile.makedirs(os.path.dirname(target))
    with tf.io.gfile.GFile(target, "w") as file:
        json.dump(description, file, indent=2)
