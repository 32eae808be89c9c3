"""`deepfake compile`: writes a pipeline in the format of an engine."""

import pathlib
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import PipelineName, Set, Target, TargetConfig, Which
from pipeline.terminal.console import loading
from pipeline.terminal.log import log_to_file

if TYPE_CHECKING:
    from pipeline.config.scoring import ScoringConfig
    from pipeline.config.training import TrainingConfig


def compile_pipeline(
    target: Annotated[Target, typer.Option(help="The engine that will run it.")],
    out: Annotated[pathlib.Path, typer.Option(help="The file to write: JSON for Vertex, YAML for Kubeflow.")],
    config: TargetConfig = None,
    pipeline: Which = PipelineName.TRAINING,
    settings: Set = [],  # noqa: B006 (typer copies it)
) -> None:
    """Writes the pipeline as Vertex AI or Kubeflow Pipelines run it; needs neither credentials nor network."""
    from pipeline.runners import write_compiled

    loaded = load_for_target(config, pipeline, target, settings)
    with log_to_file() as console:
        with loading("TFX", console):
            lines = write_compiled(target.value, loaded, out)
        for line in lines:
            console.print(line)


def load_for_target(
    config: str | None, pipeline: PipelineName, target: Target, settings: list[str]
) -> "TrainingConfig | ScoringConfig":
    """Reads the config of a pipeline for an engine; the default is the one named like the target."""
    from pipeline.config.load import load_config
    from pipeline.config.scoring import ScoringConfig

    if pipeline is PipelineName.SCORING:
        return load_config(config or pipeline.value, settings, ScoringConfig)
    return load_config(config or target.value, settings)
