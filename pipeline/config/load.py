"""The one configuration of a run: typed, frozen, from a YAML file and the command line on top."""

import json
import os
import typing
from collections.abc import Iterable

import pydantic

from components.auditor.settings import AuditSettings
from components.pusher.model_card import CardSettings
from components.redaction import redact
from components.served_model.decision import DecisionSettings
from components.trainer.settings import TrainerSettings
from components.tuner.settings import TunerSettings
from pipeline.config.base import PipelineConfig
from pipeline.config.scoring import ScoringConfig
from pipeline.config.sections import (
    AugmentConfig,
    DataConfig,
    EncoderConfig,
    EvaluatorConfig,
    ExtractionConfig,
    ReportConfig,
    SplitConfig,
    TransformConfig,
)
from pipeline.config.sources.errors import refuse
from pipeline.config.sources.file import read_config_file
from pipeline.config.sources.layers import Layers
from pipeline.config.sources.overrides import Given, read_override

_Kind = typing.TypeVar("_Kind", bound=PipelineConfig)


class TrainingConfig(PipelineConfig):
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
        """All but what an engine needs to be told, and without secrets, as the report shows it."""
        return json.dumps(redact(self.model_dump(mode="json", exclude={"vertex", "kubeflow"})))

    @property
    def push_dir(self) -> str:
        """Where blessed models are pushed, one version folder each."""
        return self.push_destination or os.path.join(self.run_dir, "model")


@typing.overload
def load_config(source: str, overrides: Iterable[str | Given] = ()) -> TrainingConfig: ...


@typing.overload
def load_config(source: str, overrides: Iterable[str | Given], kind: type[_Kind]) -> _Kind: ...


def load_config(
    source: str, overrides: Iterable[str | Given] = (), kind: type[PipelineConfig] = TrainingConfig
) -> PipelineConfig:
    """Reads a config: the defaults, the file on top of them, and the command line on top of both.

    Args:
        source: a YAML file, or the name of one in the package's `configs`.
        overrides: `a.b=c` each, as `--set` takes them, and what other options stand for; the last one wins.
        kind: of which pipeline.

    Raises:
        UserError: one line that names where the value is from, the key, the value and what is allowed.
    """
    file = read_config_file(source, kind)
    layers = Layers(kind)
    layers.add(file.content, file.place)
    for given in overrides:
        override = read_override(given, kind)
        layers.add(override.content, lambda _, source=override.source: source)  # type: ignore[misc]
    try:
        return kind.model_validate(layers.content)
    except pydantic.ValidationError as error:
        raise refuse(error, layers, file.path, (TrainingConfig, ScoringConfig)) from error
