"""The configuration of a scoring run: typed and frozen, like that of a training run."""

import os
from typing import Final, Literal

import pydantic

from components.drift_validator.settings import DriftSettings
from components.served_model.window_options import WindowOptions
from components.settings import Settings
from pipeline.config.base import PipelineConfig
from pipeline.config.extraction import ExtractionCost
from pipeline.config.run_kind import SCORING_SUFFIX

LATEST_MODEL: Final = "latest"
MODEL_NODE: Final = "PushedModel"
"""Brings the model into a scoring run, first of all; no training has such a node."""


class ScoredDataConfig(Settings):
    """Where the videos are."""

    root: str = pydantic.Field("", description="folder or bucket of the videos; a metadata.json there is not needed")
    pattern: Literal["*", "*/*"] = pydantic.Field("*", description="*/* where root holds several folders")
    fingerprint: str = pydantic.Field("", description="of the files' names, sizes and times; found by a local run")


class ScoredExtractionConfig(ExtractionCost):
    """Limits on decoding; what is decoded is determined by the model."""

    face_model: str = pydantic.Field("", description="the ONNX file of the detector yunet, if the model needs it")
    windows: str = pydantic.Field("", description="whole, or seconds of a window; as the model takes videos if empty")
    start: str = pydantic.Field("", description="where in each video to begin, as 90, 1:30 or 1:02:30")
    end: str = pydantic.Field("", description="where to end")
    max_windows: int = pydantic.Field(0, ge=0, description="the most windows of a video, evenly spread; 0 for all")

    @pydantic.field_validator("windows", "start", "end", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value

    @property
    def window_options(self) -> WindowOptions:
        """What part of each video is looked at."""
        names = ("extraction.windows", "extraction.start", "extraction.end")
        return WindowOptions(self.windows, self.start, self.end, self.max_windows, names)


class SubmissionConfig(Settings):
    """The file in the challenge's format."""

    like: str = pydantic.Field("", description="sample submission whose names are filled; those of the videos if empty")
    like_digest: str = pydantic.Field("", description="sha256 of that file; found by a local run")
    prior: float = pydantic.Field(0.5, ge=0, le=1, description="the value of what has no score")
    clip: float = pydantic.Field(0.01, ge=0, le=0.49, description="no value is below this, or above 1 - this")


class ScoringConfig(PipelineConfig):
    """The config of a scoring run."""

    model: str = pydantic.Field(
        LATEST_MODEL, min_length=1, description="version folder of a pushed model, or latest: the one pushed last"
    )
    model_digest: str = pydantic.Field("", description="that the model must have; found by a local run")
    data: ScoredDataConfig = ScoredDataConfig()
    extraction: ScoredExtractionConfig = ScoredExtractionConfig()
    submission: SubmissionConfig = SubmissionConfig()
    drift: DriftSettings = DriftSettings()

    @property
    def run_dir(self) -> str:
        """Where a local run writes its store, log and summary; a training of that name has a folder of its own."""
        return os.path.join(self.runs_dir, self.name + SCORING_SUFFIX)

    @property
    def feature_cache_dir(self) -> str:
        """The feature cache shared by all runs; empty for none."""
        return self.feature_cache_path(self.extraction.cache_dir)
