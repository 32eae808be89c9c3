"""The documentation names every key of the configs, and nothing that does not exist."""

import pathlib
import re
from collections.abc import Iterator
from typing import get_args

import pydantic
import pytest

from pipeline.config.scoring import ScoringConfig
from pipeline.config.training import TrainingConfig

# Values of mappings, whose keys have a table of their own.
BY_NAME = ("Bound", "NodeResources", "KubeflowResources")
ROOT = pathlib.Path(__file__).parents[3]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


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


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_named_paths_and_linked_headings_exist(document):
    # Indented lines are code.
    text = re.sub(r"^ {4}.*$", "", document.read_text(), flags=re.MULTILINE)
    named = re.findall(r"`((?:pipeline|components|tests|benchmarks|schemas|configs)/[\w/.-]*)`", text)
    assert [path for path in named if not (ROOT / path).exists()] == []
    links = re.findall(r"\]\((?!\w+:)([^)#]*)(?:#([^)]*))?\)", text)
    assert [path for path, _ in links if not (document.parent / path).exists()] == []
    for path, anchor in links:
        if anchor:
            linked = (document.parent / path if path else document).read_text()
            assert anchor in map(slug, re.findall(r"^#+ (.*)$", linked, re.MULTILINE))


def slug(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
