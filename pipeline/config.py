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
from pipeline.run_config import RunConfig
from pipeline.scoring_config import ScoringConfig
from pipeline.sections import (
    AugmentConfig,
    DataConfig,
    EncoderConfig,
    EvaluatorConfig,
    ExtractionConfig,
    ReportConfig,
    SplitConfig,
    TransformConfig,
)

_Kind = typing.TypeVar("_Kind", bound=RunConfig)


class Config(RunConfig):
    """A whole training."""

    push_destination: str = pydantic.Field("", description="where models are pushed; RUNS_DIR/NAME/model if empty")
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

    @property
    def feature_cache_dir(self) -> str:
        """Where features are kept for all runs; empty for nowhere."""
        return self.cache_place(self.extraction.cache_dir)

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


@typing.overload
def load_config(source: str, overrides: Iterable[str] = ()) -> Config: ...


@typing.overload
def load_config(source: str, overrides: Iterable[str], kind: type[_Kind]) -> _Kind: ...


def load_config(source: str, overrides: Iterable[str] = (), kind: type[RunConfig] = Config) -> RunConfig:
    """Reads a config.

    Args:
        source: a YAML file, or the name of one in the package's `configs`.
        overrides: `a.b=c` each, c in YAML.
        kind: of which pipeline.

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
        return kind(**content)
    except pydantic.ValidationError as error:
        raise UserError(_explain(error, str(path), kind)) from error


def _find(source: str) -> pathlib.Path:
    named = configs.config_path(source)
    for path in (pathlib.Path(source), named):
        # Unlike the path's own method this says no to a name that is too long.
        if os.path.isfile(path):
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


def _explain(error: pydantic.ValidationError, source: str, kind: type[RunConfig]) -> str:
    first, *others = error.errors()
    parts = [str(part) for part in first["loc"]]
    key = ".".join(parts)
    more = f" (and {len(others)} more)" if others else ""
    if first["type"] == "extra_forbidden":
        allowed = list(_section(kind, parts[:-1]).model_fields)
        close = difflib.get_close_matches(parts[-1], allowed, n=1)
        hint = _other_pipeline(kind, parts) or (f"did you mean {close[0]}? " if close else "")
        return f"{source}: unknown key {key}; {hint}allowed are {', '.join(allowed)}{more}"
    reason = first["msg"].removeprefix("Value error, ")
    field = _section(kind, parts[:-1]).model_fields.get(parts[-1])
    meaning = f" ({field.description})" if field and field.description else ""
    return f"{source}: {key}={first['input']!r}: {reason}{meaning}{more}"


def _other_pipeline(kind: type[RunConfig], parts: list[str]) -> str:
    name, other = ("training", Config) if kind is ScoringConfig else ("scoring", ScoringConfig)
    return f"it is one of --pipeline {name}; " if parts[0] in other.model_fields and len(parts) == 1 else ""


def _section(kind: type[RunConfig], parts: list[str]) -> type[pydantic.BaseModel]:
    section: type[pydantic.BaseModel] = kind
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
