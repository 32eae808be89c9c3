"""Reads any table as text, row by row: CSV, TSV, JSON Lines or Parquet."""

import csv
import dataclasses
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, TextIO

from components import storage
from components.dataset.entries import show
from components.errors import UserError
from components.uris import is_remote

SUFFIXES: Final = (".csv", ".tsv", ".tab", ".jsonl", ".ndjson", ".parquet")
_ROWS_AT_ONCE: Final = 10_000

_Cells = Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class TableFile:
    """A table whose kind its suffix says.

    Attributes:
        path: local, or in a bucket.
        columns: names of its columns; those of JSON Lines are the keys of the first line.
    """

    path: str
    columns: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, _Cells]]:
        """Yields the number of each line (of each row, in Parquet) and its cells as text, empty where unknown.

        Raises:
            UserError: if it cannot be read, naming the line.
        """
        return _rows(self.path)


def is_table(name: str) -> bool:
    """Whether a file's name says that it is a table."""
    return name.lower().endswith(SUFFIXES)


def open_table(path: str) -> TableFile:
    """Reads the names of a table's columns.

    Raises:
        UserError: if it is absent, of another kind, empty, or has a column twice.
    """
    if not is_table(path):
        raise UserError(f"{path}: is no table; its name must end in one of {', '.join(SUFFIXES)}")
    first = next(_rows(path), None)
    if first is None:
        raise UserError(f"{path}: holds no rows; give a table that lists the videos")
    return TableFile(path, tuple(first[1]))


def _rows(path: str) -> Iterator[tuple[int, _Cells]]:
    try:
        if path.lower().endswith(".parquet"):
            yield from _parquet_rows(path)
        elif path.lower().endswith((".jsonl", ".ndjson")):
            yield from _json_rows(path)
        else:
            yield from _csv_rows(path)
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: byte {error.start} is not UTF-8; save the table as UTF-8") from error
    except FileNotFoundError as error:
        raise UserError(f"{path}: is not there; correct the path of the table") from error
    except csv.Error as error:
        raise _unreadable(path, error) from error


def _csv_rows(path: str) -> Iterator[tuple[int, _Cells]]:
    with _text(path) as file:
        head = file.readline()
        file.seek(0)
        between = "\t" if path.lower().endswith((".tsv", ".tab")) else ";" if ";" in head and "," not in head else ","
        lines = csv.reader(file, delimiter=between, strict=True)
        columns = [name.strip() for name in next(lines, [])]
        if twice := sorted({name for name in columns if columns.count(name) > 1}):
            raise UserError(f"{path}: has the column {twice[0]!r} twice; rename one of them")
        for cells in lines:
            if not cells:
                continue
            if len(cells) != len(columns):
                raise UserError(
                    f"{path}: line {lines.line_num} has {len(cells)} cells, and the heading {len(columns)}; correct it"
                )
            yield lines.line_num, dict(zip(columns, cells, strict=True))


def _json_rows(path: str) -> Iterator[tuple[int, _Cells]]:
    columns: dict[str, str] = {}
    with _text(path) as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                content = json.loads(line)
            except ValueError as error:
                raise UserError(f"{path}: line {number} is not JSON ({error}); correct it") from error
            if not isinstance(content, dict):
                raise UserError(f"{path}: line {number} is {show(content)}; write one object a line")
            columns = columns or dict.fromkeys(content, "")
            if further := sorted(content.keys() - columns):
                raise UserError(f"{path}: line {number} has {further[0]!r}, which the first line lacks; write it there")
            yield number, {**columns, **{name: _as_text(value) for name, value in content.items()}}


def _parquet_rows(path: str) -> Iterator[tuple[int, _Cells]]:
    # Imported late: most tables are read without it.
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        file = pq.ParquetFile(io.BytesIO(storage.read_bytes(path)) if is_remote(path) else path)
        for batch in file.iter_batches(_ROWS_AT_ONCE):
            for row in batch.to_pylist():
                number += 1
                yield number, {name: _as_text(value) for name, value in row.items()}
    except pa.ArrowException as error:
        raise _unreadable(path, error) from error


def _unreadable(path: str, error: Exception) -> UserError:
    return UserError(f"{path}: cannot be read as a table ({' '.join(str(error).split())}); correct it")


def _text(path: str) -> TextIO:
    if is_remote(path):
        return io.StringIO(storage.read_bytes(path).decode("utf-8-sig"), newline="")
    return open(path, encoding="utf-8-sig", newline="")


def _as_text(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, float) and value != value:
        # What pandas writes for an unknown number.
        return ""
    return json.dumps(value, default=str)
