"""The one configuration of a run: typed, frozen, from a YAML file and `--set` on top."""

import difflib
import os
import pathlib
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import pydantic
import yaml

import configs
from components.errors import UserError
from components.evaluator.bounds import GATED, Bound
from components.frame_feature_gen.sampling import Sampling
from components.trainer.settings import TrainerSettings
from components.video_example_gen.splits import SplitRatios


class _Section(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")


class DataConfig(_Section):
    """Where the videos are."""

    root: str = pydantic.Field("", description="folder or bucket with metadata.json, or with folders that have one")
    pattern: Literal["*", "*/*"] = pydantic.Field("*", description="*/* where root holds several folders")
    fingerprint: str = pydantic.Field("", description="of the files' names, sizes and times; found by a local run")
    max_quarantine_ratio: float = pydantic.Field(
        0.1, ge=0, le=1, description="the share of unusable videos above which a run fails"
    )


class SplitConfig(_Section):
    """How videos are split: by hash of their group, in these proportions."""

    train: int = pydantic.Field(8, ge=1, description="parts of the whole")
    eval: int = pydantic.Field(1, ge=1, description="parts of the whole; early stopping looks at it")
    test: int = pydantic.Field(1, ge=1, description="parts of the whole; the metrics are measured on it")
    group_by: str = pydantic.Field(
        "original", pattern=r"^(original|folder|meta/.+)$", description="original, folder or meta/<column>"
    )

    @property
    def ratios(self) -> SplitRatios:
        """The proportions alone."""
        return SplitRatios(train=self.train, eval=self.eval, test=self.test)


class EncoderConfig(_Section):
    """The frame encoder."""

    weights: str = pydantic.Field("imagenet", min_length=1, description="imagenet, random:SEED or a weights file")
    weights_digest: str = pydantic.Field("", description="sha256 of the weights file; found by a local run")


class ExtractionConfig(_Section):
    """Which frames are taken, and by how many workers."""

    sampling: Sampling = "uniform"
    crop: Literal["center_square"] = "center_square"
    workers: int = pydantic.Field(0, ge=0, description="worker processes of a local run; 0 = one for each core")


class TransformConfig(_Section):
    """What happens to features before the model."""

    normalization: Literal["zscore", "none"] = "zscore"
    clip: float = pydantic.Field(6.0, gt=0, description="largest absolute z-score")


class EvaluatorConfig(_Section):
    """The bounds that bless a model."""

    bounds: Mapping[str, Bound] = pydantic.Field(
        default_factory=lambda: {"auc": Bound(min=0.6, worse_by=0.01)}, description=f"of {', '.join(GATED)}"
    )

    @pydantic.field_validator("bounds")
    @classmethod
    def _known_metrics(cls, bounds: Mapping[str, Bound]) -> Mapping[str, Bound]:
        unknown = sorted(set(bounds) - set(GATED))
        if unknown or not bounds:
            raise ValueError(f"allowed are {', '.join(GATED)}, at least one of them")
        return bounds


class Config(_Section):
    """A whole run."""

    name: str = pydantic.Field(
        pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="a-z, 0-9 and -, at most 63; names the run's folder"
    )
    runs_dir: str = pydantic.Field("runs", description="the folder of all runs")
    seed: int = pydantic.Field(0, ge=0, description="of weights, dropout and shuffling")
    data: DataConfig = DataConfig()
    split: SplitConfig = SplitConfig()
    encoder: EncoderConfig = EncoderConfig()
    extraction: ExtractionConfig = ExtractionConfig()
    transform: TransformConfig = TransformConfig()
    trainer: TrainerSettings = TrainerSettings()
    evaluator: EvaluatorConfig = EvaluatorConfig()

    @property
    def run_dir(self) -> str:
        """Where everything that the run makes is left."""
        return os.path.join(self.runs_dir, self.name)

    @property
    def pipeline_root(self) -> str:
        """Where the artifacts are left."""
        return os.path.join(self.run_dir, "artifacts")

    @property
    def push_dir(self) -> str:
        """Where blessed models are pushed, one version folder each."""
        return os.path.join(self.run_dir, "model")


def load_config(source: str, overrides: Iterable[str] = ()) -> Config:
    """Reads a config.

    Args:
        source: a YAML file, or the name of one in the package's `configs`.
        overrides: `a.b=c` each, c in YAML.

    Raises:
        UserError: naming the key, the value and what is allowed.
    """
    path = _find(source)
    try:
        content = yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        raise UserError(f"{path}: not YAML ({' '.join(str(error).split())}); correct the file") from error
    if not isinstance(content, dict):
        raise UserError(f"{path}: must be a mapping of sections, is {type(content).__name__}; see configs/demo.yaml")
    for override in overrides:
        _merge(content, _parse_override(override))
    try:
        return Config(**content)
    except pydantic.ValidationError as error:
        raise UserError(_explain(error, str(path))) from error


def _find(source: str) -> pathlib.Path:
    named = configs.config_path(source)
    for path in (pathlib.Path(source), named):
        if path.is_file():
            return path
    raise UserError(f"--config: {source!r} is neither a file nor one of {', '.join(configs.config_names())}")


def _parse_override(override: str) -> dict[str, Any]:
    key, equals, value = override.partition("=")
    if not equals or not all(key.split(".")):
        raise UserError(f"--set: {override!r} is not of the form a.b=c; type e.g. --set trainer.epochs=5")
    try:
        content: Any = yaml.safe_load(value)
    except yaml.YAMLError:
        raise UserError(f"--set: the value in {override!r} is not YAML; quote it") from None
    for part in reversed(key.split(".")):
        content = {part: content}
    return content


def _merge(base: dict[str, Any], update: Mapping[str, Any]) -> None:
    for key, value in update.items():
        if isinstance(value, Mapping) and isinstance(base.get(key), dict):
            _merge(base[key], value)
        else:
            base[key] = value


def _explain(error: pydantic.ValidationError, source: str) -> str:
    first, *others = error.errors()
    parts = [str(part) for part in first["loc"]]
    key = ".".join(parts)
    more = f" (and {len(others)} more)" if others else ""
    if first["type"] == "extra_forbidden":
        allowed = list(_section(parts[:-1]).model_fields)
        close = difflib.get_close_matches(parts[-1], allowed, n=1)
        hint = f"did you mean {close[0]}? " if close else ""
        return f"{source}: unknown key {key}; {hint}allowed are {', '.join(allowed)}{more}"
    reason = first["msg"].removeprefix("Value error, ")
    field = _section(parts[:-1]).model_fields.get(parts[-1])
    meaning = f" ({field.description})" if field and field.description else ""
    return f"{source}: {key}={first['input']!r}: {reason}{meaning}{more}"


def _section(parts: list[str]) -> type[pydantic.BaseModel]:
    section: Any = Config
    for part in parts:
        field = section.model_fields.get(part)
        # A part that is no field is a key of a mapping: the metric in evaluator.bounds.
        if field is not None:
            section = Bound if part == "bounds" else field.annotation
    return section
