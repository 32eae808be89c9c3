"""The folder of a served model: what it says of itself, without loading it."""

import dataclasses
import os
from collections.abc import Mapping
from typing import Any, Final

import tensorflow as tf

from components.errors import UserError
from components.served_model.description import (
    DESCRIPTION_FILE,
    EXAMPLE,
    Description,
    read_model_description,
    read_object,
)
from components.served_model.encoder import DESCRIPTION_FILE as ENCODER_FILE

GRAPH: Final = "saved_model.pb"
"""Without this file a version folder is not whole."""

CARD_FILE: Final = "assets.extra/model_card.json"
"""Written by the Pusher."""


@dataclasses.dataclass(frozen=True)
class ModelFolder:
    """A folder that a pushed model is in.

    Attributes:
        path: of the folder.
        description: its `model.json`.
        card: its model card; None of a model that was never pushed.
    """

    path: str
    description: Description
    card: Mapping[str, Any] | None

    @property
    def version(self) -> str:
        """The folder's name."""
        return os.path.basename(os.path.normpath(self.path))

    @property
    def synthetic(self) -> bool:
        """Whether it was tested on drawn videos."""
        return bool((self.card or {}).get("data", {}).get("synthetic"))

    @property
    def limits(self) -> list[str]:
        """What to keep in mind of it, in words."""
        return (self.card or {}).get("limits", [])


def open_model(path: str) -> ModelFolder:
    """Reads what the model at `path` says of itself; the model is not loaded yet.

    Raises:
        UserError: if it is no model folder of this pipeline, or parts of it are missing or damaged.
    """
    if not tf.io.gfile.isdir(path):
        raise UserError(f"{path}: no such folder; {EXAMPLE}")
    if not tf.io.gfile.exists(os.path.join(path, DESCRIPTION_FILE)):
        raise UserError(f"{path}: no model of this pipeline, as it has no {DESCRIPTION_FILE}; {EXAMPLE}")
    if not tf.io.gfile.exists(os.path.join(path, GRAPH)):
        raise UserError(f"{path}: {GRAPH} is missing; copy the whole folder anew")
    if not tf.io.gfile.exists(os.path.join(path, ENCODER_FILE)):
        raise UserError(f"{path}: no {ENCODER_FILE}, as in models of earlier versions; run the pipeline again")
    if "fingerprint" not in read_object(path, ENCODER_FILE):
        raise UserError(f"{path}/{ENCODER_FILE}: fingerprint is missing; copy the whole folder anew")
    description = read_model_description(path)
    card = read_object(path, CARD_FILE) if tf.io.gfile.exists(os.path.join(path, CARD_FILE)) else None
    return ModelFolder(path, description, card)


def saved_model_path(path: str) -> str:
    """Gives `path`, where TFX looks for a model, or the folder above it, if the model is there."""
    return path if tf.io.gfile.exists(os.path.join(path, GRAPH)) else os.path.dirname(path)
