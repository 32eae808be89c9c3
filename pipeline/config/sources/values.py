"""Converts values of the config to the types of their keys."""

import collections.abc
import dataclasses
import re
import types
import typing
from typing import Any, Final, Literal

import pydantic

from components.printable import printable

_NULL: Final = re.compile(r"~|null|Null|NULL|")
_TRUE: Final = re.compile(r"true|True|TRUE")
_FALSE: Final = re.compile(r"false|False|FALSE")
_NUMBER: Final = re.compile(
    r"(?P<decimal>[-+]?[0-9]+)|0o(?P<octal>[0-7]+)|0x(?P<hexadecimal>[0-9a-fA-F]+)"
    r"|(?P<real>[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)"
    r"|(?P<infinite>[-+]?\.(inf|Inf|INF))|(?P<nan>\.(nan|NaN|NAN))"
)
_MAX_NUMBER_LENGTH: Final = 300
_MAX_VALUE_LENGTH: Final = 200


@dataclasses.dataclass(frozen=True)
class Plain:
    """An unquoted scalar."""

    text: str


def typed(value: Any, annotation: Any) -> Any:
    """Converts the result of `parse_yaml` to plain objects.

    Args:
        value: dicts, lists, str and `Plain`.
        annotation: the expected type; Any if unknown.

    Returns:
        For a key that holds text, the text as typed, even if it is 2024, on or 1:30. Otherwise the YAML 1.2 value. None
        for null, ~ and an empty scalar.
    """
    kind = bare(annotation)
    if isinstance(value, dict):
        return {key: typed(part, child(kind, key)) for key, part in value.items()}
    if isinstance(value, list):
        inner = typing.get_args(kind)
        return [typed(part, inner[0] if inner else Any) for part in value]
    if not isinstance(value, Plain):
        return value
    if _NULL.fullmatch(value.text):
        return None
    if holds_text(kind):
        return value.text
    # An overlong number, or a boolean for a number, stays text, which pydantic rejects.
    if len(value.text) > _MAX_NUMBER_LENGTH:
        return value.text
    if kind not in (int, float):
        if _TRUE.fullmatch(value.text):
            return True
        if _FALSE.fullmatch(value.text):
            return False
    return _number(value.text)


def _number(text: str) -> int | float | str:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return text
    if found["decimal"]:
        return int(text)
    if found["octal"]:
        return int(found["octal"], 8)
    if found["hexadecimal"]:
        return int(found["hexadecimal"], 16)
    return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))


def bare(annotation: Any) -> Any:
    """Strips `Annotated` and `| None` from a type."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return bare(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return bare(next(part for part in typing.get_args(annotation) if part is not type(None)))
    return annotation


def child(annotation: Any, key: str) -> Any:
    """Returns the type of the value of `key`; Any if there is no such key."""
    kind = bare(annotation)
    if is_section(kind):
        field = kind.model_fields.get(key)
        return Any if field is None else field.annotation
    return typing.get_args(kind)[1] if is_mapping(kind) else Any


def is_section(annotation: Any) -> bool:
    """Whether the type is a section, with fixed keys."""
    kind = bare(annotation)
    return isinstance(kind, type) and issubclass(kind, pydantic.BaseModel)


def is_mapping(annotation: Any) -> bool:
    """Whether the type is a mapping with arbitrary keys."""
    return typing.get_origin(bare(annotation)) is collections.abc.Mapping


def holds_text(annotation: Any) -> bool:
    """Whether the type is str or a Literal."""
    kind = bare(annotation)
    return kind is str or typing.get_origin(kind) is Literal


def takes_several_values(annotation: Any) -> bool:
    """Whether the type is a section, a mapping or a list."""
    return is_section(annotation) or is_mapping(annotation) or typing.get_origin(bare(annotation)) is tuple


def is_optional(annotation: Any) -> bool:
    """Whether the type allows None."""
    return type(None) in typing.get_args(annotation)


def short(text: str, most: int = _MAX_VALUE_LENGTH) -> str:
    """Returns the text on one line, truncated to `most` characters."""
    line = printable(text)
    return line if len(line) <= most else f"{line[:most]}..."
