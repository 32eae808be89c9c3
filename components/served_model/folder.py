"""The folder of a served model and its metadata, read without loading the model."""

import dataclasses
import os
from collections.abc import Mapping
from typing import Any, Final

from components import storage
from components.errors import UserError
from components.served_model.description import (
    DESCRIPTION_FILE,
    EXAMPLE,
    Description,
    read_model_description,
    read_object,
)
from components.served_model.encoder import DESCRIPTION_FILE as ENCODER_FILE
from components.served_model.version_files import GRAPH, find_listed_damage

CARD_FILE: Final = "assets.extra/model_card.json"
"""Written by the Pusher."""


@dataclasses.dataclass(frozen=True)
class ModelFolder:
    """The folder of a pushed model.

    Attributes:
        path: of the folder.
        description: its `model.json`.
        card: its model card; None if the model was never pushed.
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
        """Whether it was tested on synthetic videos."""
        return bool((self.card or {}).get("data", {}).get("synthetic"))

    @property
    def limits(self) -> list[str]:
        """The model's known limitations, as sentences for people."""
        return (self.card or {}).get("limits", [])


def open_model(path: str) -> ModelFolder:
    """Reads the metadata of the model at `path` without loading the model.

    Raises:
        UserError: if it is not a model folder of this pipeline, or parts of it are missing or damaged.
    """
    if not storage.isdir(path):
        raise UserError(f"{path}: no such folder; {EXAMPLE}")
    if not storage.exists(os.path.join(path, DESCRIPTION_FILE)):
        raise UserError(f"{path}: no model of this pipeline, as it has no {DESCRIPTION_FILE}; {EXAMPLE}")
    if not storage.exists(os.path.join(path, GRAPH)):
        raise UserError(f"{path}: {GRAPH} is missing; copy the whole folder anew")
    if damage := find_listed_damage(path):
        raise UserError(f"{path}: {damage}; copy the whole folder anew")
    if not storage.exists(os.path.join(path, ENCODER_FILE)):
        raise UserError(f"{path}: no {ENCODER_FILE}, as in models of earlier versions; run the pipeline again")
    if "fingerprint" not in read_object(path, ENCODER_FILE):
        raise UserError(f"{path}/{ENCODER_FILE}: fingerprint is missing; copy the whole folder anew")
    description = read_model_description(path)
    card = read_object(path, CARD_FILE) if storage.exists(os.path.join(path, CARD_FILE)) else None
    return ModelFolder(path, description, card)


def saved_model_path(path: str) -> str:
    """Returns `path`, where TFX looks for a model, or its parent folder if there is no model at `path`."""
    return path if storage.exists(os.path.join(path, GRAPH)) else os.path.dirname(path)
