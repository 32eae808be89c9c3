"""Files of JSON objects, one a line: the one way to write a line, and to read them all."""

import dataclasses
import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import pydantic
import tensorflow as tf

from components.whole_files import write_whole

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Row = TypeVar("Row")

# What ends a line for some readers, or no UTF-8 can hold; JSON itself escapes the control characters.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def json_line(row: "DataclassInstance | Mapping[str, Any] | list[Any]") -> str:
    """A row as one line of JSON, without the end of the line, whichever characters its text holds."""
    plain = dataclasses.asdict(row) if dataclasses.is_dataclass(row) else row
    text = json.dumps(plain, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def write_json_lines(path: str, rows: Iterable[Any]) -> None:
    """Writes rows, whole or not at all."""
    write_whole(path, "".join(f"{json_line(row)}\n" for row in rows).encode())


def read_json_lines(path: str) -> list[Any]:
    """Reads all rows of a file.

    Raises:
        tf.errors.NotFoundError: if it is not there.
    """
    with tf.io.gfile.GFile(path, "rb") as file:
        # A name may hold other signs that end a line for `splitlines`.
        return [json.loads(line) for line in file.read().split(b"\n") if line]


def read_typed_rows(path: str, kind: type[Row]) -> list[Row]:
    """Reads all rows of a file as what they were written from.

    Raises:
        tf.errors.NotFoundError: if it is not there.
        pydantic.ValidationError: if a row is not one of these.
    """
    adapter = pydantic.TypeAdapter(kind)
    return [adapter.validate_python(row) for row in read_json_lines(path)]
