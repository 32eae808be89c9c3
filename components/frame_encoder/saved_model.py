"""The frame encoder as a SavedModel: uint8 frames in, feature vectors out."""

import json
import os
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from components.features import FRAME_SIZE

ENCODE = "encode"
_DESCRIPTION = "assets.extra/encoder.json"


def export_encoder(model: keras.Model, path: str, *, weights: str, fingerprint: str) -> None:
    """Writes `model` under `path` with its preprocessing inside.

    The one signature, `encode`, takes frames uint8 [N, 224, 224, 3] RGB and gives features float32 [N, 2048].
    """
    archive = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint(
        name=ENCODE,
        fn=lambda frames: model(_preprocess(frames), training=False),
        input_signature=[tf.TensorSpec([None, FRAME_SIZE, FRAME_SIZE, 3], tf.uint8, name="frames")],
    )
    archive.write_out(path, verbose=False)
    description = {"architecture": model.name, "weights": weights, "fingerprint": fingerprint}
    with tf.io.gfile.GFile(_made_description_path(path), "w") as file:
        json.dump(description, file, indent=2)


def load_encoder(path: str) -> Callable[[np.ndarray], np.ndarray]:
    """Loads an exported encoder as a function from uint8 [N, 224, 224, 3] to float32 [N, 2048]."""
    loaded = tf.saved_model.load(path)
    encode = getattr(loaded, ENCODE)

    def encode_frames(frames: np.ndarray) -> np.ndarray:
        return encode(tf.constant(frames, tf.uint8)).numpy()

    # The SavedModel's variables live only as long as the object that was loaded.
    encode_frames.loaded = loaded  # type: ignore[attr-defined]
    return encode_frames


def read_description(path: str) -> dict[str, str]:
    """Reads what the encoder at `path` is: its architecture, weights and fingerprint."""
    with tf.io.gfile.GFile(os.path.join(path, _DESCRIPTION)) as file:
        return json.load(file)


def _preprocess(frames: tf.Tensor) -> tf.Tensor:
    # keras.applications.inception_v3.preprocess_input, inside the graph.
    return tf.cast(frames, tf.float32) / 127.5 - 1.0


def _made_description_path(path: str) -> str:
    description = os.path.join(path, _DESCRIPTION)
    tf.io.gfile.makedirs(os.path.dirname(description))
    return description
