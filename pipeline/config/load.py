"""Reads a config from a YAML file, with overrides from the command line."""

import typing
from collections.abc import Iterable

import pydantic

from pipeline.config.base import PipelineConfig
from pipeline.config.scoring import ScoringConfig
from pipeline.config.sources.errors import config_error
from pipeline.config.sources.file import read_config_files
from pipeline.config.sources.layers import Layers
from pipeline.config.sources.overrides import Given, read_override
from pipeline.config.training import TrainingConfig

_Kind = typing.TypeVar("_Kind", bound=PipelineConfig)


@typing.overload
def load_config(source: str, overrides: Iterable[str | Given] = ()) -> TrainingConfig: ...


@typing.overload
def load_config(source: str, overrides: Iterable[str | Given], kind: type[_Kind]) -> _Kind: ...


def load_config(
    source: str, overrides: Iterable[str | Given] = (), kind: type[PipelineConfig] = TrainingConfig
) -> PipelineConfig:
    """Reads a config: the defaults, overridden by the file that a file extends, that file, and the command line.

    Args:
        source: a YAML file, or the name of one in the package's `configs`.
        overrides: `a.b=c` as passed to `--set`, or values of other options; the last one wins.
        kind: the config class of the pipeline.

    Raises:
        UserError: one line with the origin of the value, the key, the value and what is allowed.
    """
    files = read_config_files(source, kind)
    layers = Layers(kind)
    for file in files:
        layers.add(file.content, file.place)
    for given in overrides:
        override = read_override(given, kind)
        layers.add(override.content, lambda _, source=override.source: source)  # type: ignore[misc]
    try:
        return kind.model_validate(layers.content)
    except pydantic.ValidationError as error:
        raise config_error(error, layers, files[-1].path, (TrainingConfig, ScoringConfig)) from error
