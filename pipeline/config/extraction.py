"""The sections of the config on what becomes of a video: encoder, extraction, augmentation."""

import re
from typing import Final, Literal

import pydantic

from components.features import FRAMES
from components.served_model.encoder_architecture import ENCODER_ARCHITECTURES, EncoderName, is_weights_file
from components.served_model.encoder_engine import Engine, PrecisionChoice
from components.settings import MAX_NUMBER, Settings
from components.video_decoding.choices import NEEDS_MODEL, Crop, Hdr
from components.video_decoding.decoding_limits import (
    MAX_MEMORY_MB,
    MAX_TIMEOUT_S,
    MEMORY_MB,
    MIN_MEMORY_MB,
    TIMEOUT_S,
)
from components.video_decoding.sampling import Sampling

NO_CACHE: Final = "none"
MAX_FRAMES: Final = 200
"""So many frames of a video are held in memory, and travel in one example."""


class EncoderConfig(Settings):
    """The frame encoder."""

    architecture: EncoderName = pydantic.Field("inception_v3", description=", ".join(ENCODER_ARCHITECTURES))
    weights: str = pydantic.Field("imagenet", min_length=1, description="imagenet, random:SEED or a weights file")
    weights_digest: str = pydantic.Field("", description="sha256 of the weights file; found by a local run")
    precision: PrecisionChoice = pydantic.Field(
        "auto", description="auto, float32 or bfloat16; auto takes bfloat16 where the processor has it and it agrees"
    )
    engine: Engine = pydantic.Field("tensorflow", description="tensorflow or openvino, which is an extra to install")

    @pydantic.field_validator("weights")
    @classmethod
    def _seeded(cls, weights: str) -> str:
        kind, colon, seed = weights.partition(":")
        if colon and kind == "random" and not (re.fullmatch("[0-9]{1,10}", seed) and int(seed) <= MAX_NUMBER):
            raise ValueError("has no whole number as its seed; type random:0")
        return weights

    @property
    def frame_size(self) -> int:
        """Height and width in pixels of the frames that it takes, S."""
        return ENCODER_ARCHITECTURES[self.architecture].frame_size

    @property
    def feature_size(self) -> int:
        """Width of a frame's feature vector, D."""
        return ENCODER_ARCHITECTURES[self.architecture].feature_size

    @property
    def has_weights_file(self) -> bool:
        """Whether `weights` names a file, rather than ImageNet's weights or a seed."""
        return is_weights_file(self.weights)


class ExtractionCost(Settings):
    """Limits on extraction, whatever the features."""

    cache_dir: str = pydantic.Field(
        "",
        description="folder or bucket that keeps features for all runs, or none; RUNS_DIR/feature_cache if empty, "
        "or PIPELINE_ROOT/feature_cache where that is set",
    )
    timeout_s: float = pydantic.Field(
        TIMEOUT_S, gt=0, le=MAX_TIMEOUT_S, description="seconds that decoding one video may take"
    )
    memory_mb: int = pydantic.Field(
        MEMORY_MB, ge=MIN_MEMORY_MB, le=MAX_MEMORY_MB, description="mebibytes that decoding one video may take"
    )
    workers: int = pydantic.Field(0, ge=0, description="videos that are extracted at once; 0 = one for each core")
    attempt: str = pydantic.Field(
        "",
        description="any text; with another than before, an engine tries videos again that were not to blame for sure",
    )


class ExtractionConfig(ExtractionCost):
    """Which frames are sampled, and by how many workers."""

    sampling: Sampling = "uniform"
    frames: int = pydantic.Field(
        FRAMES, ge=1, le=MAX_FRAMES, description="sampled from each video, or all of one that has fewer"
    )
    crop: Crop = "center_square"
    hdr: Hdr = pydantic.Field("as_sdr", description="what becomes of high dynamic range (PQ, HLG)")
    face_detector: str = pydantic.Field("blazeface", description=f"of crop face: {', '.join(NEEDS_MODEL)}")
    face_model: str = pydantic.Field("", validate_default=True, description="the ONNX file of the detector yunet")
    face_model_digest: str = pydantic.Field("", description="sha256 of that file; found by a local run")
    min_frames: int = pydantic.Field(
        5,
        ge=1,
        validate_default=True,
        description="whole frames that a video must still have of which parts are missing or damaged",
    )

    @pydantic.field_validator("min_frames")
    @classmethod
    def _at_most_all(cls, min_frames: int, info: pydantic.ValidationInfo) -> int:
        frames = info.data.get("frames")
        if frames is not None and min_frames > frames:
            raise ValueError(f"no video has more than extraction.frames={frames}; set both")
        return min_frames

    @pydantic.field_validator("face_detector")
    @classmethod
    def _known_detector(cls, face_detector: str) -> str:
        if face_detector not in NEEDS_MODEL:
            raise ValueError(f"allowed are {', '.join(NEEDS_MODEL)}")
        return face_detector

    @pydantic.field_validator("face_model")
    @classmethod
    def _wanted_model(cls, face_model: str, info: pydantic.ValidationInfo) -> str:
        name = info.data.get("face_detector")
        if name is None or info.data.get("crop") != "face":
            return face_model
        if NEEDS_MODEL[name] and not face_model:
            raise ValueError(f"the detector {name} needs a model file; type --set extraction.face_model=FILE")
        if face_model and not NEEDS_MODEL[name]:
            raise ValueError(f"the detector {name} takes no model file; leave it out")
        return face_model

    @property
    def face_detection(self) -> dict[str, str]:
        """The settings that determine face detection; empty values if no faces are wanted."""
        if self.crop != "face":
            return {"face_detector": "", "face_model": "", "face_model_digest": ""}
        return {
            "face_detector": self.face_detector,
            "face_model": self.face_model,
            "face_model_digest": self.face_model_digest,
        }


class FacesConfig(Settings):
    """Which faces become clips, where frames are cropped to faces."""

    min_frames: int = pydantic.Field(5, ge=1, description="the fewest sampled frames that a face must be found in")
    max_tracks: int = pydantic.Field(4, ge=1, le=20, description="the most faces of a window, the largest first")


class AugmentConfig(Settings):
    """Augmentation of the train split."""

    self_blended: int = pydantic.Field(
        0, ge=0, le=20, description="pseudo-fakes made of each real video, blended with an altered copy of itself"
    )
    recompressed: int = pydantic.Field(
        0, ge=0, le=20, description="variants made of each video, real or fake, as platforms would recompress it"
    )

    given_fakes: Literal["all", "none"] | float = pydantic.Field(
        "all", description="what of the data set's fakes is trained on: all, none, or a share"
    )

    @pydantic.field_validator("given_fakes", mode="before")
    @classmethod
    def _all_none_or_share(cls, given_fakes: object) -> object:
        # Here, since a union tells what is wrong by each of its types.
        if given_fakes in ("all", "none"):
            return given_fakes
        try:
            share = float(str(given_fakes))
        except ValueError:
            share = 0.0
        if not 0 < share < 1:
            raise ValueError("must be all, none, or a share above 0 and below 1, such as 0.25")
        return share

    @pydantic.model_validator(mode="after")
    def _some_fakes(self) -> "AugmentConfig":
        if self.given_fakes == "none" and not self.self_blended:
            raise ValueError("given_fakes=none leaves no fakes to train on; set augment.self_blended, to 3 for example")
        return self

    @property
    def given_share(self) -> float:
        """The share of the data set's fakes that is trained on."""
        if isinstance(self.given_fakes, str):
            return 1.0 if self.given_fakes == "all" else 0.0
        return self.given_fakes

    def examples(self, *, real: float, fake: float) -> float:
        """Returns how many examples there are of so many given videos of the train split, or of such shares."""
        return (real * (1 + self.self_blended) + fake) * (1 + self.recompressed)
