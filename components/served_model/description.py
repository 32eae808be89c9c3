"""`assets.extra/model.json`: what someone who has only the model folder must know to use it."""

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import tensorflow as tf

from components import features
from components.served_model.encoder import read_description
from components.stack import stack_versions

if TYPE_CHECKING:
    import keras

DESCRIPTION_FILE: Final = "assets.extra/model.json"


def write_model_description(
    model_path: str, model: "keras.Model", *, encoder_path: str, description: dict[str, Any]
) -> None:
    """Writes `model.json` beside the SavedModel at `model_path`.

    `model_digest` identifies the model: architecture, weights, encoder, the libraries that made it (`stack`) and
    everything in `description` that decides its predictions.
    """
    encoder = read_description(encoder_path)
    content = {
        "frames": features.FRAMES,
        "frame_size": features.FRAME_SIZE,
        **description,
        "encoder": encoder,
        "stack": stack_versions(),
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=float).encode())
    for weight in model.get_weights():
        digest.update(np.ascontiguousarray(weight).tobytes())
    content["model_digest"] = digest.hexdigest()
    path = os.path.join(model_path, DESCRIPTION_FILE)
    tf.io.gfile.makedirs(os.path.dirname(path))
    with tf.io.gfile.GFile(path, "w") as file:
        json.dump(content, file, indent=2, default=float)


def read_model_description(model_path: str) -> dict[str, Any]:
    """Reads `model.json` of the SavedModel at `model_path`.

    Raises:
        tf.errors.NotFoundError: if there is none.
    """
    with tf.io.gfile.GFile(os.path.join(model_path, DESCRIPTION_FILE)) as file:
        return json.load(file)
