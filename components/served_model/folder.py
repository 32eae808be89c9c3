"""The folder of a served model: what it says of itself, without loading it."""

import dataclasses
import json
import os
from collections.abc import Mapping
from typing import Any, Final

import pydantic
import tensorflow as tf

from components import features
from components.errors import UserError
from components.metrics.video_metrics import DecisionRule
from components.served_model.description import DESCRIPTION_FILE
from components.served_model.encoder import DESCRIPTION_FILE as ENCODER_FILE
from components.video_decoding.colors import Hdr
from components.video_decoding.crop import Crop
from components.video_decoding.faces.detectors import DETECTORS
from components.video_decoding.sampling import Sampling

GRAPH: Final = "saved_model.pb"
"""Without this file a version folder is not whole."""

CARD_FILE: Final = "assets.extra/model_card.json"
"""Written by the Pusher."""

_EXAMPLE: Final = "give a version folder such as runs/NAME/model/VERSION"


class Description(pydantic.BaseModel):
    """What `model.json` must hold for the model to be used; what earlier versions did not write has a default."""

    model_config = pydantic.ConfigDict(frozen=True)

    model_digest: str
    threshold: float = pydantic.Field(ge=0, le=1)
    inconclusive_band: tuple[float, float] | None
    frames: int = pydantic.Field(ge=features.FRAMES, le=features.FRAMES)
    frame_size: int = pydantic.Field(ge=features.FRAME_SIZE, le=features.FRAME_SIZE)
    sampling: Sampling
    crop: Crop
    hdr: Hdr = "as_sdr"
    face_detector: str = ""
    face_model_digest: str = ""
    min_frames: int = pydantic.Field(5, ge=1)
    frame_score: str

    @pydantic.model_validator(mode="after")
    def _known_detector(self) -> "Description":
        if self.crop == "face" and self.face_detector not in DETECTORS:
            raise ValueError(f"face_detector {self.face_detector!r} is none of {', '.join(DETECTORS)}")
        return self

    @property
    def needs_face_model(self) -> bool:
        """Whether its faces were found by a detector whose file is not part of it."""
        return self.crop == "face" and DETECTORS[self.face_detector].needs_model

    @property
    def decision_rule(self) -> DecisionRule:
        """Where a probability becomes a verdict."""
        return DecisionRule(self.threshold, self.inconclusive_band)


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
        raise UserError(f"{path}: no such folder; {_EXAMPLE}")
    if not tf.io.gfile.exists(os.path.join(path, DESCRIPTION_FILE)):
        raise UserError(f"{path}: no model of this pipeline, as it has no {DESCRIPTION_FILE}; {_EXAMPLE}")
    if not tf.io.gfile.exists(os.path.join(path, GRAPH)):
        raise UserError(f"{path}: {GRAPH} is missing; copy the whole folder anew")
    if not tf.io.gfile.exists(os.path.join(path, ENCODER_FILE)):
        raise UserError(f"{path}: no {ENCODER_FILE}, as in models of earlier versions; run the pipeline again")
    if "fingerprint" not in _read_json(path, ENCODER_FILE):
        raise UserError(f"{path}/{ENCODER_FILE}: fingerprint is missing; copy the whole folder anew")
    try:
        description = Description.model_validate(_read_json(path, DESCRIPTION_FILE))
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        problem = ": ".join([*map(str, first["loc"]), first["msg"].removeprefix("Value error, ")])
        raise UserError(
            f"{path}/{DESCRIPTION_FILE}: {problem}; it is damaged, or of another pipeline; {_EXAMPLE}"
        ) from error
    card = _read_json(path, CARD_FILE) if tf.io.gfile.exists(os.path.join(path, CARD_FILE)) else None
    return ModelFolder(path, description, card)


def saved_model_path(path: str) -> str:
    """Gives `path`, where TFX looks for a model, or the folder above it, if the model is there."""
    return path if tf.io.gfile.exists(os.path.join(path, GRAPH)) else os.path.dirname(path)


def _read_json(path: str, name: str) -> dict[str, Any]:
    try:
        with tf.io.gfile.GFile(os.path.join(path, name), "rb") as file:
            content = json.loads(file.read())
    except (ValueError, tf.errors.OpError) as error:
        raise UserError(f"{path}/{name}: cannot be read as JSON; copy the whole folder anew") from error
    if not isinstance(content, dict):
        raise UserError(f"{path}/{name}: holds no object; copy the whole folder anew")
    return content
