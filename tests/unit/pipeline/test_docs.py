"""The documentation names every key of the configs."""

import pathlib
from collections.abc import Iterator
from typing import get_args

import pydantic
import pytest

from pipeline.config.scoring import ScoringConfig
from pipeline.config.training import TrainingConfig

# Values of mappings, whose keys have a table of their own.
BY_NAME = ("Bound", "NodeResources")
ROOT = pathlib.Path(__file__).parents[3]


def keys(model: type[pydantic.BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        sections = [part for part in (field.annotation, *get_args(field.annotation)) if is_section(part)]
        for section in sections:
            yield from keys(section, f"{prefix}{name}.")
        if not sections:
            yield prefix + name


def is_section(part: object) -> bool:
    return isinstance(part, type) and issubclass(part, pydantic.BaseModel) and part.__name__ not in BY_NAME


@pytest.mark.parametrize("config", [TrainingConfig, ScoringConfig])
def test_every_key_is_documented(config):
    text = (ROOT / "docs" / "configuration.md").read_text()
    assert [key for key in keys(config) if f"`{key}`" not in text] == []
