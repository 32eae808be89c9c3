"""Warm start from the weights of a pushed model."""

import json
import os
import tempfile
from collections.abc import Sequence
from typing import Any

import keras

from components import storage
from components.errors import UserError
from components.served_model.description import read_model_description
from components.served_model.version_files import find_listed_damage
from components.trainer.settings import TrainerSettings

_FILE = "assets.extra/model.weights.h5"
_FILE_OF_OTHER_MEMBER = "assets.extra/model.{}.weights.h5"
_MUST_AGREE = ("model", "hyperparameters", "frame_differences", "members")
# What earlier versions did not write.
_DEFAULTS = {"members": 1}


def write_weights(members: Sequence[keras.Model], model_path: str) -> None:
    """Writes the members' weights for later warm starts next to the SavedModel at `model_path`, a local folder."""
    for number, member in enumerate(members):
        path = os.path.join(model_path, _file_of(number))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        member.save_weights(path)


def check_start(uri: str, settings: TrainerSettings, *, frames: int, feature_size: int) -> str:
    """Returns the digest of the pushed model at `uri`, from whose weights a training can start.

    Args:
        uri: of its folder.
        settings: of the training.
        frames: T, the number of frames that are trained on.
        feature_size: D.

    Raises:
        UserError: if there is no such model, it is not whole, or its architecture, hyperparameters, number of members
            or features differ.
    """
    try:
        description = read_model_description(uri)
    except FileNotFoundError as error:
        raise UserError(
            f"trainer.warm_start={uri!r}: no assets.extra/model.json there; give the version folder of a pushed model"
        ) from error
    wanted = _comparable(settings.model_dump())
    there = {**_DEFAULTS, **_comparable(description.trainer)}
    for key in _MUST_AGREE:
        if there.get(key) != wanted[key]:
            raise UserError(
                f"trainer.warm_start={uri!r}: its {key} is {there.get(key)}, not {wanted[key]}; "
                f"set trainer.{key} to the former, or start without"
            )
    if (frames, feature_size) != (description.frames, description.encoder.feature_size):
        raise UserError(
            f"trainer.warm_start={uri!r}: it takes {description.frames} frames of {description.encoder.feature_size} "
            f"features, not {frames} of {feature_size}; set extraction.frames and encoder.architecture alike, or start "
            "without"
        )
    if damage := find_listed_damage(uri, content=None):
        raise UserError(f"trainer.warm_start={uri!r}: {damage}; copy the whole folder anew")
    return description.model_digest


def read_weights(model: keras.Model, uri: str, number: int) -> None:
    """Loads the weights of a member, counted from 0, of the pushed model at `uri`, which `check_start` has accepted."""
    file = _file_of(number)
    with tempfile.TemporaryDirectory() as folder:
        # Keras reads HDF5 from local files only.
        local = os.path.join(folder, os.path.basename(file))
        storage.copy(os.path.join(uri, file), local)
        model.load_weights(local)


def _file_of(number: int) -> str:
    return _FILE_OF_OTHER_MEMBER.format(number + 1) if number else _FILE


def _comparable(settings: dict[str, Any]) -> dict[str, Any]:
    # As read back from model.json, where tuples become lists.
    return json.loads(json.dumps(settings))
