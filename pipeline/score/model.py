"""A model folder: what it says of itself, and the model in it."""

import dataclasses
import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pydantic
import tensorflow as tf

from components import features
from components.errors import UserError
from components.evaluator.video_metrics import Judgement
from components.frame_encoder.saved_model import DESCRIPTION_FILE as ENCODER_FILE
from components.frame_encoder.saved_model import ENCODE
from components.frame_feature_gen.crop import Crop
from components.frame_feature_gen.faces.detectors import DETECTORS
from components.frame_feature_gen.sampling import Sampling
from components.trainer.model_description import DESCRIPTION_FILE

_SERVE: Final = "serving_default"
_SERVE_FEATURES: Final = "serve_features"
_GRAPH: Final = "saved_model.pb"
_CARD: Final = "assets.extra/model_card.json"
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
    def judgement(self) -> Judgement:
        """Where a probability becomes a verdict."""
        return Judgement(self.threshold, self.inconclusive_band)


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


class ServedModel:
    """The SavedModel in the folder, loaded."""

    def __init__(self, path: str) -> None:
        """Loads it.

        Raises:
            UserError: if it is damaged, or has not the signatures that are needed.
        """
        try:
            self._loaded = tf.saved_model.load(path)
        # Whatever a damaged file raises: TensorFlow has no closed list of it.
        except Exception as error:
            reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
            raise UserError(
                f"{path}: the model cannot be loaded ({reason[:200]}); copy the whole folder anew"
            ) from error
        for name in (_SERVE, ENCODE):
            if name not in self._loaded.signatures:
                raise UserError(f"{path}: the model has no signature {name}; run the pipeline again for one that has")

    def encode(self, frames: np.ndarray) -> np.ndarray:
        """From frames uint8 [N, 224, 224, 3] RGB to their features float32 [N, D]."""
        return getattr(self._loaded, ENCODE)(tf.constant(frames, tf.uint8)).numpy()

    def score_features(self, frame_features: np.ndarray, frame_mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """From float32 [B, T, D] and int64 [B, T] to what `score` gives."""
        served = self._loaded.signatures[_SERVE_FEATURES](
            frame_features=tf.constant(frame_features), frame_mask=tf.constant(frame_mask)
        )
        return served[features.PROBABILITY_FAKE].numpy()[:, 0], served[features.FRAME_SCORES].numpy()

    def score(self, examples: Sequence[bytes]) -> tuple[np.ndarray, np.ndarray]:
        """From B serialized frame-feature examples to probabilities float32 [B] and frame scores float32 [B, T]."""
        served = self._loaded.signatures[_SERVE](tf.constant(list(examples)))
        return served[features.PROBABILITY_FAKE].numpy()[:, 0], served[features.FRAME_SCORES].numpy()


def find_model(runs_dir: str) -> str:
    """The version folder that was pushed last by any run below `runs_dir`.

    Raises:
        UserError: if there is none.
    """
    graphs = tf.io.gfile.glob(os.path.join(runs_dir, "*", "model", "*", _GRAPH))
    # A version is the time in seconds at which it was pushed.
    versions = [path for path in map(os.path.dirname, graphs) if os.path.basename(path).isdigit()]
    if not versions:
        raise UserError(f"{runs_dir}: no run has pushed a model there; type --model DIR, or make one: deepfake run")
    return max(versions, key=lambda path: int(os.path.basename(path)))


def open_model(path: str) -> ModelFolder:
    """Reads what the model at `path` says of itself; the model is not loaded yet.

    Raises:
        UserError: if it is no model folder of this pipeline, or parts of it are missing or damaged.
    """
    if not tf.io.gfile.isdir(path):
        raise UserError(f"{path}: no such folder; {_EXAMPLE}")
    if not tf.io.gfile.exists(os.path.join(path, DESCRIPTION_FILE)):
        raise UserError(f"{path}: no model of this pipeline, as it has no {DESCRIPTION_FILE}; {_EXAMPLE}")
    if not tf.io.gfile.exists(os.path.join(path, _GRAPH)):
        raise UserError(f"{path}: {_GRAPH} is missing; copy the whole folder anew")
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
    card = _read_json(path, _CARD) if tf.io.gfile.exists(os.path.join(path, _CARD)) else None
    return ModelFolder(path, description, card)


def _read_json(path: str, name: str) -> dict[str, Any]:
    try:
        with tf.io.gfile.GFile(os.path.join(path, name), "rb") as file:
            content = json.loads(file.read())
    except (ValueError, tf.errors.OpError) as error:
        raise UserError(f"{path}/{name}: cannot be read as JSON; copy the whole folder anew") from error
    if not isinstance(content, dict):
        raise UserError(f"{path}/{name}: holds no object; copy the whole folder anew")
    return content
