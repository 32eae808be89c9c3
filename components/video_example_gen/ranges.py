"""The videos in ranges: what is passed to the workers, and what they leave, as files in one folder."""

import io
import os
from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from components import storage
from components.dataset.entries import VideoEntry
from components.whole_files import write_whole

DIGEST_BYTES = 32
_MAX_ROWS = 10_000
_MIN_RANGES = 64
_SCHEMA = pa.schema(
    [
        ("uri", pa.large_string()),
        ("label", pa.string()),
        ("group", pa.large_string()),
        ("meta", pa.map_(pa.string(), pa.large_string())),
    ]
)


def rows_of_a_range(videos: int) -> int:
    """Returns how many videos a range has: few enough that workers share even a small data set evenly."""
    return max(1, min(-(-videos // _MIN_RANGES), _MAX_ROWS))


def write_ranges(folder: str, videos: Iterable[tuple[VideoEntry, str]], rows: int) -> int:
    """Writes the videos and their groups, `rows` to a file, and returns the number of files."""
    range_number, pending = 0, []
    for video in videos:
        pending.append(video)
        if len(pending) == rows:
            _write_range(folder, range_number, pending)
            range_number, pending = range_number + 1, []
    if pending:
        _write_range(folder, range_number, pending)
        range_number += 1
    return range_number


def read_range(folder: str, number: int) -> Iterator[tuple[VideoEntry, str]]:
    """Yields the videos of a range with their groups, in order."""
    table = parquet.read_table(io.BytesIO(storage.read_bytes(_rows_file(folder, number))))
    for row in table.to_pylist():
        yield VideoEntry(row["uri"], row["label"], meta=dict(row["meta"])), row["group"]


def records_file(folder: str, number: int) -> str:
    """Returns the TFRecord file of a range's examples, in order, not compressed."""
    return os.path.join(folder, f"examples-{number:05d}")


def write_digests(folder: str, number: int, digests: Iterable[str]) -> None:
    """Writes the digests of a range's videos, in hexadecimal; empty where one is unknown."""
    unknown = bytes(DIGEST_BYTES)
    write_whole(_digests_file(folder, number), b"".join(bytes.fromhex(it) or unknown for it in digests))


def read_digests(folder: str, ranges: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns the rows, over all ranges, of the videos with a known digest as int64 [m], and these as uint8 [m, 32]."""
    content = b"".join(storage.read_bytes(_digests_file(folder, number)) for number in range(ranges))
    digests = np.frombuffer(content, np.uint8).reshape(-1, DIGEST_BYTES)
    known = np.flatnonzero(digests.any(axis=1))
    return known, digests[known]


def _write_range(folder: str, number: int, videos: list[tuple[VideoEntry, str]]) -> None:
    entries, groups = zip(*videos, strict=True)
    columns = [
        pa.array([entry.uri for entry in entries], _SCHEMA.field("uri").type),
        pa.array([entry.label for entry in entries], _SCHEMA.field("label").type),
        pa.array(groups, _SCHEMA.field("group").type),
        pa.array([list(entry.meta.items()) for entry in entries], _SCHEMA.field("meta").type),
    ]
    buffer = io.BytesIO()
    parquet.write_table(pa.table(columns, _SCHEMA), buffer)
    write_whole(_rows_file(folder, number), buffer.getvalue())


def _rows_file(folder: str, number: int) -> str:
    return os.path.join(folder, f"rows-{number:05d}.parquet")


def _digests_file(folder: str, number: int) -> str:
    return os.path.join(folder, f"digests-{number:05d}")
