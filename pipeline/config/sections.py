"""The sections of the config on the data, the model and the criteria for blessing it."""

import os
import re
from typing import Final, Literal

import pydantic

from components.dataset.splitting.rules import By, SplitRatios, SplitRules
from components.dataset.tables import TABLE_SUFFIXES
from components.evaluator.bounds import Bound, Bounds, SliceBounds
from components.features import FRAMES
from components.metrics.names import METRICS
from components.metrics.results import CROSS_VALIDATION
from components.served_model.encoder_architecture import ENCODER_ARCHITECTURES, EncoderName
from components.served_model.encoder_engine import Engine, PrecisionChoice
from components.settings import MAX_NUMBER, Settings
from components.uris import is_remote
from components.video_decoding.choices import NEEDS_MODEL, Crop, Hdr
from components.video_decoding.decoding_limits import (
    MAX_MEMORY_MB,
    MAX_TIMEOUT_S,
    MEMORY_MB,
    MIN_MEMORY_MB,
    TIMEOUT_S,
)
from components.video_decoding.sampling import Sampling

LATEST_BASELINE: Final = "latest"
NO_BASELINE: Final = "none"
NO_CACHE: Final = "none"
MAX_FRAMES: Final = 200
"""So many frames of a video are held in memory, and travel in one example."""


class DataConfig(Settings):
    """Where the videos are."""

    root: str = pydantic.Field("", description="folder or bucket with metadata.json, or with folders that have one")
    manifest: str = pydantic.Field(
        "", description="table that lists the videos (CSV, JSON Lines, Parquet); metadata.json if empty"
    )
    pattern: Literal["*", "*/*"] = pydantic.Field("*", description="*/* where root holds several folders")
    fingerprint: str = pydantic.Field("", description="of the files' names, sizes and times; found by a local run")
    max_quarantine_ratio: float = pydantic.Field(
        0.1, ge=0, le=1, description="the share of unusable videos above which a run fails"
    )

    @pydantic.field_validator("manifest")
    @classmethod
    def _a_table(cls, manifest: str) -> str:
        if manifest and not manifest.lower().endswith(TABLE_SUFFIXES):
            raise ValueError(f"has no known format; its name must end in {', '.join(TABLE_SUFFIXES)}")
        return manifest

    @property
    def driver_pattern(self) -> str:
        """Glob, relative to `root`, of the files that TFX's driver fingerprints where no fingerprint of ours does."""
        return self.manifest_below_root if self.manifest and not self.fingerprint else self.pattern

    @property
    def manifest_below_root(self) -> str:
        """The manifest as the nodes are given it: relative to `root` where it lies below it, and absolute elsewhere."""
        root = os.path.join(self.root, "")
        if not self.manifest or self.manifest.startswith(root):
            return self.manifest.removeprefix(root)
        return self.manifest if is_remote(self.manifest) else os.path.abspath(self.manifest)


class SplitConfig(Settings):
    """How videos are split, whole groups at a time."""

    train: int = pydantic.Field(8, ge=1, description="parts of the whole")
    eval: int = pydantic.Field(1, ge=1, description="parts of the whole; early stopping looks at it")
    test: int = pydantic.Field(1, ge=1, description="parts of the whole; the metrics are measured on it")
    group_by: str = pydantic.Field(
        "original", pattern=r"^(original|folder|meta/.+)$", description="original, folder or meta/<column>"
    )
    by: By = pydantic.Field(
        "hash", description="hash (of the group), stratified (labels' shares as near as groups allow) or column"
    )
    column: str = pydantic.Field(
        "split", pattern=r"^(split|meta/.+)$", description="of the official splits: split or meta/<column>"
    )
    names: dict[str, Literal["train", "eval", "test"]] = pydantic.Field(
        default_factory=dict, description="what the official names mean, beyond the usual ones: {holdout: test}"
    )
    pin: str = pydantic.Field("", description="splits.csv of an earlier run, whose videos stay where they were")
    pin_digest: str = pydantic.Field("", description="sha256 of that file; found by a local run")

    @property
    def ratios(self) -> SplitRatios:
        """The proportions, without the other settings."""
        return SplitRatios(train=self.train, eval=self.eval, test=self.test)

    @property
    def rules(self) -> SplitRules:
        """How to split, without the pinned videos."""
        return SplitRules(self.ratios, self.by, self.group_by, self.column, self.names)


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
        return self.weights != "imagenet" and not self.weights.startswith("random:")


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
    face_detector: str = pydantic.Field("haar", description=f"of crop face: {', '.join(NEEDS_MODEL)}")
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


class AugmentConfig(Settings):
    """Augmentation of the train split."""

    self_blended: int = pydantic.Field(
        0, ge=0, le=20, description="pseudo-fakes made of each real video, blended with an altered copy of itself"
    )


class TransformConfig(Settings):
    """Transformation of the features before the model."""

    normalization: Literal["zscore", "none"] = "zscore"
    clip: float = pydantic.Field(6.0, gt=0, description="largest absolute z-score")


class EvaluatorConfig(Settings):
    """Criteria for blessing a model."""

    bounds: Bounds = pydantic.Field(
        default_factory=lambda: {"auc": Bound(min=0.6, worse_by=0.01)}, description=f"of {', '.join(METRICS)}"
    )
    slice_bounds: SliceBounds = pydantic.Field(default_factory=dict, description="bounds by slice")
    min_slice_videos: int = pydantic.Field(
        10, ge=1, description="of each class, without which a slice is shown and not judged"
    )
    baseline: str = pydantic.Field(
        LATEST_BASELINE,
        min_length=1,
        description="the model that bounds compare with: latest (blessed one), none, or the uri of a pushed model",
    )
    cross_validation: int = pydantic.Field(
        0, ge=0, description="trainings, each of which holds out another part of all videos; 0 for none, else 3 or more"
    )
    bounds_on: Literal["test", "cross_validation"] = pydantic.Field(
        "test", validate_default=True, description="where min and max must be kept; worse_by always compares on test"
    )

    @pydantic.field_validator("cross_validation")
    @classmethod
    def _three_folds(cls, folds: int) -> int:
        if folds in (1, 2):
            raise ValueError("folds are trained on, stop the training, and are scored; allowed are 0, 3 or more")
        return folds

    @pydantic.field_validator("bounds_on")
    @classmethod
    def _measured(cls, bounds_on: str, info: pydantic.ValidationInfo) -> str:
        if bounds_on == CROSS_VALIDATION and info.data.get("cross_validation") == 0:
            raise ValueError("is not made; type --set evaluator.cross_validation=5, too")
        return bounds_on


class ReportConfig(Settings):
    """What the report shows of individual videos."""

    filmstrips: int = pydantic.Field(8, ge=0, le=24, description="of how many videos frames are shown; 0 for none")
    overlays: int = pydantic.Field(
        2, ge=0, le=24, description="of how many of these it is looked at where in the frames the evidence sits"
    )
