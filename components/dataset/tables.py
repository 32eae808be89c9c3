"""Reads tables as people keep them, row by row: CSV, JSON Lines and Parquet."""

import contextlib
import csv
import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any, Final

from components.dataset.entries import show
from components.errors import UserError
from components.video_decoding.files import local_copy
from components.video_errors import VideoError

TABLE_SUFFIXES: Final = (".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".parquet")
_ROWS_AT_ONCE = 10_000

Rows = Iterator[tuple[int, dict[str, Any]]]


def read_rows(path: str, required: Sequence[str]) -> Rows:
    """Yields the rows of a table, each with its number and its cells by column; nothing is held but a few of them.

    Args:
        path: local file, or an object in a bucket, which is copied first; its suffix tells the format.
        required: columns that must be there.

    Raises:
        UserError: if it cannot be read, naming the file, the line (the row in Parquet) and what to change.
    """
    try:
        with local_copy(path) as local:
            yield from _reader(path)(path, local, required)
    except VideoError as error:
        raise UserError(f"{path}: {error.detail.removeprefix(path).strip()}; give a table that is there") from error
    except UnicodeDecodeError as error:
        raise UserError(
            f"{path}: {error.object[error.start : error.start + 1]!r} is not UTF-8; save the file as UTF-8"
        ) from error
    except (OSError, EOFError) as error:
        raise UserError(f"{path}: cannot be read ({error}); correct the file, or its permissions") from error


def place_of(path: str, number: int) -> str:
    """Returns the file and the number of a row as `read_rows` counts, for messages."""
    return f"{path} {'row' if path.endswith('.parquet') else 'line'} {number}"


def require_table(key: str, path: str) -> None:
    """Refuses a file whose suffix tells no format.

    Raises:
        UserError: naming the key, the file and what is allowed.
    """
    if not path.lower().endswith(TABLE_SUFFIXES):
        raise UserError(f"{key}={path!r}: unknown format; its name must end in {', '.join(TABLE_SUFFIXES)}")


def _reader(path: str) -> Callable[[str, str, Sequence[str]], Rows]:
    plain = path.lower().removesuffix(".gz")
    if plain.endswith(".csv"):
        return _csv_rows
    return _parquet_rows if plain.endswith(".parquet") else _json_rows


def _csv_rows(path: str, local: str, required: Sequence[str]) -> Rows:
    with _open_text(local) as file:
        reader = csv.reader(file, strict=True)
        try:
            header = next(reader, [])
            _require_columns(path, header, required)
            line = reader.line_num + 1
            for cells in reader:
                if len(cells) == len(header):
                    yield line, dict(zip(header, cells, strict=True))
                elif cells:
                    raise UserError(
                        f"{place_of(path, line)}: has {len(cells)} cells, the first line has {len(header)}; "
                        "put text that holds a comma or a line end in double quotes"
                    )
                line = reader.line_num + 1
        except csv.Error as error:
            raise UserError(f"{place_of(path, reader.line_num)}: not CSV ({error}); correct it there") from error


def _json_rows(path: str, local: str, required: Sequence[str]) -> Rows:
    del required  # Each row has columns of its own.

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        content = dict(pairs)
        if len(content) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise UserError(f"{place_of(path, line)}: {show(twice)} is there twice; keep one")
        return content

    line = 0
    with _open_text(local) as file:
        for line, text in enumerate(file, 1):
            if not text.strip():
                continue
            try:
                row = json.loads(text, object_pairs_hook=unique)
            except (ValueError, RecursionError) as error:
                raise UserError(f"{place_of(path, line)}: not JSON ({error}); write one object a line") from error
            if not isinstance(row, dict):
                raise UserError(f"{place_of(path, line)}: holds {show(row)}; write one object a line")
            yield line, row


def _parquet_rows(path: str, local: str, required: Sequence[str]) -> Rows:
    # Imported late: it takes a quarter of a second.
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(local, memory_map=False) as file:
            names = file.schema_arrow.names
            _require_columns(path, names, required)
            number = 0
            for batch in file.iter_batches(_ROWS_AT_ONCE):
                columns = [_text(column).to_pylist() for column in batch.columns]
                for cells in zip(*columns, strict=True):
                    number += 1
                    yield number, dict(zip(names, cells, strict=True))
    except pa.ArrowException as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{path}: not readable as Parquet ({reason}); write the file anew") from error


def _text(column: Any) -> Any:
    import pyarrow as pa

    return column.cast(pa.string()) if pa.types.is_binary(column.type) else column


def _require_columns(path: str, names: Sequence[str], required: Sequence[str]) -> None:
    shown = ", ".join(map(show, names)) or "none"
    if lacking := [name for name in required if name not in names]:
        raise UserError(f"{path}: no column {lacking[0]!r} (there are: {shown}); name the columns in the first line")
    if "" in names:
        raise UserError(f"{path}: column {list(names).index('') + 1} has no name; name it, or remove it")
    if twice := [name for name in names if list(names).count(name) > 1]:
        raise UserError(f"{path}: column {twice[0]!r} is there twice; rename one, or remove it")


@contextlib.contextmanager
def _open_text(local: str) -> Iterator[IO[str]]:
    opened: Any = gzip.open if local.lower().endswith(".gz") else open
    # Editors on Windows put a byte order mark first; CSV keeps line ends within cells.
    with opened(local, "rt", encoding="utf-8-sig", newline="") as file:
        yield file
