"""Warm start from the weights of a pushed model."""

import json
import os
import tempfile
from typing import Any

import keras

from components import storage
from components.errors import UserError
from components.features import FRAME_FEATURES_XF
from components.served_model.description import read_model_description
from components.served_model.version_files import find_listed_damage
from components.trainer.settings import TrainerSettings

_FILE = "assets.extra/model.weights.h5"
_MUST_AGREE = ("model", "hyperparameters", "frame_differences")


def write_weights(model: keras.Model, model_path: str) -> None:
    """Writes the weights for later warm starts next to the SavedModel at `model_path`, a local folder."""
    path = os.path.join(model_path, _FILE)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    model.save_weights(path)


def read_weights(model: keras.Model, uri: str, settings: TrainerSettings) -> str:
    """Loads the weights of the pushed model at `uri` into `model` and returns the pushed model's digest.

    Raises:
        UserError: if there is no such model, it is not whole, or its architecture, hyperparameters or features differ.
    """
    try:
        description = read_model_description(uri)
    except FileNotFoundError as error:
        raise UserError(
            f"trainer.warm_start={uri!r}: no assets.extra/model.json there; give the version folder of a pushed model"
        ) from error
    wanted = _comparable(settings.model_dump())
    there = _comparable(description.trainer)
    for key in _MUST_AGREE:
        if there.get(key) != wanted[key]:
            raise UserError(
                f"trainer.warm_start={uri!r}: its {key} is {there.get(key)}, not {wanted[key]}; "
                f"set trainer.{key} to the former, or start without"
            )
    _, *taken = model.input[FRAME_FEATURES_XF].shape
    if taken != [description.frames, description.encoder.feature_size]:
        raise UserError(
            f"trainer.warm_start={uri!r}: it takes {description.frames} frames of {description.encoder.feature_size} "
            f"features, not {taken[0]} of {taken[1]}; set extraction.frames and encoder.architecture alike, or start "
            "without"
        )
    if damage := find_listed_damage(uri, content=None):
        raise UserError(f"trainer.warm_start={uri!r}: {damage}; copy the whole folder anew")
    with tempfile.TemporaryDirectory() as folder:
        # Keras reads HDF5 from local files only.
        local = os.path.join(folder, os.path.basename(_FILE))
        storage.copy(os.path.join(uri, _FILE), local)
        model.load_weights(local)
    return description.model_digest


def _comparable(settings: dict[str, Any]) -> dict[str, Any]:
    # As read back from model.json, where tuples become lists.
    return json.loads(json.dumps(settings))
