"""The documentation names every key of the config."""

import pathlib
from collections.abc import Iterator

import pydantic

from pipeline.config import Config

ROOT = pathlib.Path(__file__).parents[3]


def keys(model: type[pydantic.BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        if isinstance(field.default, pydantic.BaseModel):
            yield from keys(type(field.default), f"{prefix}{name}.")
        else:
            yield prefix + name


def test_every_key_is_documented():
    text = (ROOT / "docs" / "configuration.md").read_text()
    assert [key for key in keys(Config) if f"`{key}`" not in text] == []
