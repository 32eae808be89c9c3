"""JSON Lines files: the only code that writes and reads them."""

import dataclasses
import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import pydantic

from components import storage
from components.whole_files import write_whole

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Row = TypeVar("Row")

# Line ends for some readers, and surrogates, which UTF-8 cannot encode; JSON itself escapes the control characters.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def json_line(row: "DataclassInstance | Mapping[str, Any] | list[Any]") -> str:
    """Returns a row as one line of JSON, without the line end, whatever characters its text contains."""
    plain = dataclasses.asdict(row) if dataclasses.is_dataclass(row) else row
    text = json.dumps(plain, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def write_json_lines(path: str, rows: Iterable[Any]) -> None:
    """Writes rows atomically."""
    write_whole(path, "".join(f"{json_line(row)}\n" for row in rows).encode())


def read_json_lines(path: str) -> list[Any]:
    """Reads all rows of a file.

    Raises:
        FileNotFoundError: if it is missing.
    """
    # A name may contain other characters at which `splitlines` splits.
    return [json.loads(line) for line in storage.read_bytes(path).split(b"\n") if line]


def read_typed_rows(path: str, kind: type[Row]) -> list[Row]:
    """Reads all rows of a file as instances of `kind`.

    Raises:
        FileNotFoundError: if it is missing.
        pydantic.ValidationError: if a row is not of this type.
    """
    adapter = pydantic.TypeAdapter(kind)
    return [adapter.validate_python(row) for row in read_json_lines(path)]
