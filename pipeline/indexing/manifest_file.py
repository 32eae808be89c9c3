"""Writes a manifest row by row, as CSV, JSON Lines or Parquet."""

import contextlib
import itertools
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from components import storage
from components.csv_lines import csv_lines
from components.errors import UserError
from components.uris import is_remote
from components.whole_files import partial_name
from pipeline.indexing.layout import Row

COLUMNS: Final = ("uri", "label", "original", "group_id", "split")
_SUFFIXES: Final = (".csv", ".jsonl", ".ndjson", ".parquet")
_ROWS_AT_ONCE: Final = 10_000

_Record = Mapping[str, str | None]


def manifest_format(path: str) -> str:
    """Returns the suffix that says how a manifest is written.

    Raises:
        UserError: if it is none of those that are read.
    """
    for suffix in _SUFFIXES:
        if path.lower().endswith(suffix):
            return suffix
    raise UserError(f"--out {path}: is none of the kinds of manifest; let its name end in {', '.join(_SUFFIXES)}")


def write_manifest(path: str, rows: Iterable[Row], meta: Sequence[str], suffix: str) -> None:
    """Writes the rows to a local file, holding a few thousand of them at a time.

    Args:
        path: the file.
        rows: in the order in which they are written.
        meta: names of the further columns.
        suffix: as `manifest_format` returns it.
    """
    write = {".csv": _write_csv, ".parquet": _write_parquet}.get(suffix, _write_json_lines)
    write(path, (_record(row, meta) for row in rows), [*COLUMNS, *(f"meta/{key}" for key in meta)])


@contextlib.contextmanager
def written_whole(path: str) -> Iterator[str]:
    """Yields the name of a local file that takes the place of `path`, local or in a bucket, once it is whole.

    After an exception nothing has changed.
    """
    if is_remote(path):
        with tempfile.TemporaryDirectory(prefix="deepfake-index-") as folder:
            local = os.path.join(folder, "file")
            yield local
            storage.copy(local, path)
        return
    target = os.path.realpath(path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    partial = partial_name(target)
    try:
        yield partial
        os.replace(partial, target)
    except OSError as error:
        if error.filename in (partial, None):
            error.filename, error.filename2 = path, None
        raise
    finally:
        with contextlib.suppress(OSError):
            os.remove(partial)


def _record(row: Row, meta: Sequence[str]) -> _Record:
    cells = {"uri": row.uri, "label": row.label, "original": row.original, "group_id": row.group_id, "split": row.split}
    cells |= {f"meta/{key}": row.meta.get(key, "") for key in meta}
    return {name: text or None for name, text in cells.items()}


def _write_csv(path: str, records: Iterable[_Record], columns: Sequence[str]) -> None:
    with open(path, "x", encoding="utf-8", newline="") as file:
        file.write(csv_lines([columns]))
        for some in _batches(records):
            file.write(csv_lines(record.values() for record in some))  # type: ignore[misc]


def _write_json_lines(path: str, records: Iterable[_Record], columns: Sequence[str]) -> None:
    with open(path, "x", encoding="utf-8") as file:
        for record in records:
            file.write(f"{json.dumps(record)}\n")


def _write_parquet(path: str, records: Iterable[_Record], columns: Sequence[str]) -> None:
    # Imported late: it takes a while, and other kinds do without.
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.string()) for name in columns])
    with pq.ParquetWriter(path, schema) as writer:
        for some in _batches(records):
            writer.write_table(pa.Table.from_pylist(some, schema))


def _batches(records: Iterable[_Record]) -> Iterator[list[_Record]]:
    records = iter(records)
    while some := list(itertools.islice(records, _ROWS_AT_ONCE)):
        yield some
