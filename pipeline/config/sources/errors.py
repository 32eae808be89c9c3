"""One-line errors for an invalid config: the origin, the key, the value, and what is allowed."""

import difflib
from collections.abc import Sequence
from typing import Any

import pydantic
import pydantic_core

from components.errors import UserError
from components.printable import printable
from components.redaction import redact
from pipeline.config.sources.layers import Layers
from pipeline.config.sources.overrides import redact_setting
from pipeline.config.sources.values import bare, child, is_section, short

_MAX_REASON_LENGTH = 600
_REASONS = {
    "model_type": "must be a mapping of keys",
    "model_attributes_type": "must be a mapping of keys",
    "mapping_type": "must be a mapping of keys",
    "dict_type": "must be a mapping of keys",
    "tuple_type": "must be a list, such as [a, b]",
    "list_type": "must be a list, such as [a, b]",
}


def config_error(
    error: pydantic.ValidationError, layers: Layers, file: str, kinds: Sequence[type[pydantic.BaseModel]]
) -> UserError:
    """Converts a pydantic error to a one-line UserError.

    Args:
        error: the error.
        layers: the config that was validated.
        file: its path.
        kinds: all config classes, since the user may have meant another one.
    """
    # Unknown keys first: such a key is often a misspelt required one, which is also reported as missing.
    first, *others = sorted(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
    more = f" (and {len(others)} more)" if others else ""
    key = tuple(str(part) for part in first["loc"])
    source = layers.source(key) or file
    return UserError(printable(f"{source}: {_problem(first, key, source, layers.kind, kinds)}{more}"))


def _problem(
    error: pydantic_core.ErrorDetails,
    key: tuple[str, ...],
    source: str,
    kind: type[pydantic.BaseModel],
    kinds: Sequence[type[pydantic.BaseModel]],
) -> str:
    name = short(".".join(key))
    section = _section(kind, key[:-1])
    if error["type"] == "extra_forbidden":
        return f"unknown key {name}; {_hint(key, section, kind, kinds)}allowed are {', '.join(section.model_fields)}"
    field = section.model_fields.get(key[-1]) if key else None
    meaning = f" ({field.description})" if field and field.description else ""
    if error["type"] == "missing":
        option = "--name NAME, " if key == ("name",) else ""
        return f"{name} is required{meaning}; give it in the file, or type {option}--set {name}=..."
    reason = _REASONS.get(error["type"]) or short(error["msg"].removeprefix("Value error, "), _MAX_REASON_LENGTH)
    value = short(redact_setting(f"{name}={redact(error['input'], key[-1] if key else '')!r}"))
    # Do not repeat what the source already shows.
    told = "" if source.endswith(f" {value}") else f"{value}: "
    return f"{told}{reason}{meaning}"


def _hint(
    key: tuple[str, ...],
    section: type[pydantic.BaseModel],
    kind: type[pydantic.BaseModel],
    kinds: Sequence[type[pydantic.BaseModel]],
) -> str:
    others = [other for other in kinds if other is not kind and key[0] in other.model_fields]
    if len(key) == 1 and others:
        return f"it is one of --pipeline {others[0].__name__.removesuffix('Config').lower()}; "
    close = difflib.get_close_matches(key[-1], section.model_fields, n=1)
    return f"did you mean {close[0]}? " if close else ""


def _section(kind: type[pydantic.BaseModel], key: Sequence[str]) -> type[pydantic.BaseModel]:
    section: Any = kind
    found = kind
    for part in key:
        section = child(section, part)
        if is_section(section):
            found = bare(section)
    return found
