"""What all sections of the config share."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

import pydantic

MAX_NUMBER: Final = 2**32 - 1
"""The largest integer in a config: fits seeds, and is far from overflowing engine and system calls."""


class Settings(pydantic.BaseModel):
    """A section of the config: frozen, with only known keys, finite numbers and printable text."""

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    # Whether texts may span several lines.
    prose: ClassVar[bool] = False

    @pydantic.field_validator("*", mode="after")
    @classmethod
    def _usable(cls, value: Any) -> Any:
        for part in _parts(value):
            if isinstance(part, int) and abs(part) > MAX_NUMBER:
                raise ValueError(f"is too large; at most {MAX_NUMBER}")
            if isinstance(part, str):
                _require_text(part, prose=cls.prose)
        return value


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield key
            yield from _parts(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _parts(part)
    else:
        yield value


def _require_text(text: str, *, prose: bool) -> None:
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise ValueError("is not UTF-8")
    allowed = "\n\t" if prose else ""
    if any((ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0) and character not in allowed for character in text):
        raise ValueError("holds control characters")
