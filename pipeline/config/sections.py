"""The sections of the config on the data, their transformation, the criteria for blessing a model, and the report."""

import os
from typing import Final, Literal

import pydantic

from components.dataset.splitting.rules import By, SplitRatios, SplitRules
from components.dataset.tables import TABLE_SUFFIXES
from components.evaluator.bounds import Bound, Bounds, SliceBounds
from components.metrics.names import METRICS
from components.metrics.results import CROSS_VALIDATION
from components.settings import Settings
from components.uris import is_remote

LATEST_BASELINE: Final = "latest"
NO_BASELINE: Final = "none"


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
