"""`assets.extra/model.json`: all that is needed to use a model folder on its own."""

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any, Final, Literal

import pydantic

from components.errors import UserError
from components.features import FAKE, REAL
from components.json_files import read_json, write_json
from components.metrics.decision_rule import DecisionRule
from components.served_model.aggregation import Aggregation
from components.served_model.encoder import EncoderDescription, read_description
from components.served_model.face_tracks import FaceTracks
from components.stack import stack_versions
from components.video_decoding.choices import NEEDS_MODEL, Crop, Hdr
from components.video_decoding.sampling import Sampling

if TYPE_CHECKING:
    import keras

DESCRIPTION_FILE: Final = "assets.extra/model.json"
EXAMPLE: Final = "give a version folder such as runs/NAME/model/VERSION"


class DecisionReport(pydantic.BaseModel):
    """How the threshold was chosen; the costs apply only if it was chosen by costs."""

    model_config = pydantic.ConfigDict(frozen=True)

    false_alarm_cost: float = 1.0
    miss_cost: float = 1.0
    warning: str | None = None


class CalibrationReport(pydantic.BaseModel):
    """How the probabilities were calibrated."""

    model_config = pydantic.ConfigDict(frozen=True)

    method: str
    clip: float
    videos: dict[str, int] = pydantic.Field(default_factory=dict)

    @property
    def prior_odds(self) -> float | None:
        """The odds of a fake among the videos that it was fitted on; None if they are not known, or of one class."""
        real, fake = (self.videos.get(label, 0) for label in (REAL, FAKE))
        return fake / real if real and fake and self.method != "none" else None


class SplitReport(pydantic.BaseModel):
    """How the videos of its training were split."""

    model_config = pydantic.ConfigDict(frozen=True)

    ratios: dict[str, int]
    by: str = "hash"
    group_by: str


class MemberReport(pydantic.BaseModel):
    """How one of the models was trained whose probabilities the model averages."""

    model_config = pydantic.ConfigDict(frozen=True)

    seed: int
    epochs: int
    best_epoch: int


class Description(pydantic.BaseModel):
    """The fields read from `model.json`; those that earlier versions lack have defaults, and other keys are ignored."""

    model_config = pydantic.ConfigDict(frozen=True)

    model_digest: str
    threshold: float = pydantic.Field(ge=0, le=1)
    inconclusive_band: tuple[float, float] | None
    frames: int = pydantic.Field(ge=1)
    frame_size: int = pydantic.Field(ge=1)
    sampling: Sampling
    crop: Crop
    hdr: Hdr = "as_sdr"
    face_detector: str = ""
    face_model_digest: str = ""
    faces: FaceTracks | None = None
    windows: Literal["whole"] | float = "whole"
    hop: float = 0.0
    min_frames: int = pydantic.Field(5, ge=1)
    frame_score: str
    decision: DecisionReport
    calibration: CalibrationReport
    aggregation: Aggregation | None = None
    trainer: dict[str, Any]
    given_fakes: float = 1.0
    self_blended: int | None = None
    seed: int
    epochs: int
    best_epoch: int
    members: tuple[MemberReport, ...] = ()
    data_fingerprint: str = ""
    split: SplitReport | None = None
    training_videos: int | None = None
    searched: bool = False
    encoder: EncoderDescription
    stack: dict[str, str] = pydantic.Field(default_factory=dict)

    @pydantic.model_validator(mode="after")
    def _known_detector(self) -> "Description":
        if self.crop == "face" and self.face_detector not in NEEDS_MODEL:
            raise ValueError(f"face_detector {self.face_detector!r} is none of {', '.join(NEEDS_MODEL)}")
        return self

    @property
    def best_epochs(self) -> tuple[int, ...]:
        """The epoch that each of the members' weights are from, counted from 1."""
        return tuple(member.best_epoch for member in self.members) or (self.best_epoch,)

    @property
    def forgeries(self) -> tuple[str, ...]:
        """What kinds of fakes it was trained on; none if it does not tell."""
        if self.self_blended is None:
            return ()
        kinds = {"given": self.given_fakes > 0, "self_blended": self.self_blended > 0}
        return tuple(kind for kind, was_trained_on in kinds.items() if was_trained_on)

    @property
    def group_by(self) -> str:
        """What the groups of its videos were made by; empty if that is not known."""
        return self.split.group_by if self.split else ""

    @property
    def needs_face_model(self) -> bool:
        """Whether its face detector needs a model file that is not part of the folder."""
        return self.crop == "face" and NEEDS_MODEL[self.face_detector]

    @property
    def decision_rule(self) -> DecisionRule:
        """How a probability becomes a verdict."""
        return DecisionRule(self.threshold, self.inconclusive_band)


def write_model_description(
    model_path: str, model: "keras.Model", *, encoder_path: str, description: dict[str, Any]
) -> Description:
    """Writes `model.json` next to the SavedModel at `model_path`, and returns its parsed fields.

    `model_digest` identifies the model: architecture, weights, encoder, the libraries used in training (`stack`) and
    everything in `description`.
    """
    encoder = read_description(encoder_path)
    written = {
        "frame_size": encoder.frame_size,
        **description,
        "encoder": encoder.model_dump(),
        "stack": stack_versions(),
    }
    import numpy as np

    # NumPy numbers are written as floats.
    content = json.loads(json.dumps(written, default=float))
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode())
    for weight in model.get_weights():
        digest.update(np.ascontiguousarray(weight).tobytes())
    content["model_digest"] = digest.hexdigest()
    described = Description.model_validate(content)
    write_json(os.path.join(model_path, DESCRIPTION_FILE), content)
    return described


def read_model_description(model_path: str) -> Description:
    """Reads `model.json` of the SavedModel at `model_path`.

    Raises:
        FileNotFoundError: if there is none.
        UserError: if it is damaged, or from another pipeline.
    """
    content = read_object(model_path, DESCRIPTION_FILE)
    try:
        return Description.model_validate(content)
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        problem = ": ".join([*map(str, first["loc"]), first["msg"].removeprefix("Value error, ")])
        raise UserError(
            f"{model_path}/{DESCRIPTION_FILE}: {problem}; it is damaged, or of another pipeline; {EXAMPLE}"
        ) from error


def read_object(model_path: str, name: str) -> dict[str, Any]:
    """Reads one of the JSON files in a model folder.

    Raises:
        FileNotFoundError: if it does not exist.
        UserError: if it is damaged.
    """
    try:
        content = read_json(os.path.join(model_path, name))
    except FileNotFoundError:
        raise
    except (ValueError, OSError) as error:
        raise UserError(f"{model_path}/{name}: cannot be read as JSON; copy the whole folder anew") from error
    if not isinstance(content, dict):
        raise UserError(f"{model_path}/{name}: holds no object; copy the whole folder anew")
    return content
