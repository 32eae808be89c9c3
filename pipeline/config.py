"""The one configuration of a run: typed, frozen, from a YAML file and `--set` on top."""

import difflib
import os
import pathlib
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pydantic
import yaml

import configs
from components.auditor.settings import AuditSettings
from components.errors import UserError
from components.pusher.model_card import CardSettings
from components.trainer.decision import DecisionSettings
from components.trainer.settings import TrainerSettings
from components.tuner.settings import TunerSettings
from pipeline.engine_sections import KubeflowConfig, VertexConfig
from pipeline.sections import (
    NO_CACHE,
    AugmentConfig,
    DataConfig,
    EncoderConfig,
    EvaluatorConfig,
    ExtractionConfig,
    ReportConfig,
    Section,
    SplitConfig,
    TransformConfig,
)


class Config(Section):
    """A whole run."""

    name: str = pydantic.Field(
        pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="a-z, 0-9 and -, at most 63; names the run's folder"
    )
    runs_dir: str = pydantic.Field("runs", description="the folder of all runs")
    pipeline_root: str = pydantic.Field("", description="where artifacts are left; RUNS_DIR/NAME/artifacts if empty")
    push_destination: str = pydantic.Field("", description="where models are pushed; RUNS_DIR/NAME/model if empty")
    beam_args: tuple[str, ...] = pydantic.Field((), description="further options of Beam, for all nodes")
    seed: int = pydantic.Field(0, ge=0, description="of weights, dropout and shuffling")
    data: DataConfig = DataConfig()
    split: SplitConfig = SplitConfig()
    encoder: EncoderConfig = EncoderConfig()
    extraction: ExtractionConfig = ExtractionConfig()
    augment: AugmentConfig = AugmentConfig()
    transform: TransformConfig = TransformConfig()
    tuner: TunerSettings = TunerSettings()
    trainer: TrainerSettings = TrainerSettings()
    decision: DecisionSettings = DecisionSettings()
    evaluator: EvaluatorConfig = EvaluatorConfig()
    audits: AuditSettings = AuditSettings()
    card: CardSettings = CardSettings()
    report: ReportConfig = ReportConfig()
    vertex: VertexConfig | None = pydantic.Field(None, description="needed by --target vertex")
    kubeflow: KubeflowConfig | None = pydantic.Field(None, description="needed by --target kubeflow")

    @pydantic.field_validator("runs_dir")
    @classmethod
    def _local(cls, runs_dir: str) -> str:
        if "://" in runs_dir:
            raise ValueError("must be local; give pipeline_root and push_destination for a bucket")
        return runs_dir

    @property
    def run_dir(self) -> str:
        """Where a local run leaves its store, log and summary."""
        return os.path.join(self.runs_dir, self.name)

    @property
    def artifacts_dir(self) -> str:
        """Where the artifacts are left."""
        return self.pipeline_root or os.path.join(self.run_dir, "artifacts")

    @property
    def feature_cache_dir(self) -> str:
        """Where features are kept for all runs; empty for nowhere."""
        if self.extraction.cache_dir == NO_CACHE:
            return ""
        return self.extraction.cache_dir or os.path.join(self.pipeline_root or self.runs_dir, "feature_cache")

    @property
    def training_state_dir(self) -> str:
        """Where unfinished trainings are kept, to go on from."""
        return os.path.join(self.pipeline_root or self.run_dir, "training_state")

    @property
    def portable_json(self) -> str:
        """All but what an engine needs to be told, as the report shows it."""
        return self.model_dump_json(exclude={"vertex", "kubeflow"})

    @property
    def push_dir(self) -> str:
        """Where blessed models are pushed, one version folder each."""
        return self.push_destination or os.path.join(self.run_dir, "model")


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
        content: Any = yaml.safe_load(value) if value else ""
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
    section: type[pydantic.BaseModel] = Config
    for part in parts:
        field = section.model_fields.get(part)
        # A part that is no field is a key of a mapping, such as the metric in evaluator.bounds.
        if field is not None:
            section = next(_models(field.annotation), section)
    return section


def _models(annotation: Any) -> Iterator[type[pydantic.BaseModel]]:
    """The pydantic models within `annotation`, be they optional or in a mapping."""
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _models(part)
