"""The file that says of each video in which split it is, and why."""

import os
from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from components import features, storage
from components.csv_lines import csv_lines
from components.dataset.splitting.columns import LABEL_NAMES, TEXT, VideoColumns
from components.dataset.splitting.groups import Groups
from components.dataset.splitting.placing import PLACED_BY, Placement
from components.whole_files import write_whole

SPLITS_FILE: Final = "splits.csv"
COLUMNS: Final = ("uri", "label", "group_id", "split", "official_split", "content_digest", "placed_by")
_ROWS_AT_ONCE = 10_000


def write_splits(
    folder: str,
    videos: VideoColumns,
    groups: Groups,
    placement: Placement,
    rows: np.ndarray | None = None,
    digests: np.ndarray | None = None,
) -> None:
    """Writes `splits.csv`, one row a video in the order of uris; unknown values are empty.

    Args:
        folder: of the artifact; local, or in a bucket.
        videos: the data set.
        groups: of the videos, joined.
        placement: of the videos.
        rows: int [m], the videos whose content is known.
        digests: uint8 [m, 32], the SHA-256 of each.
    """
    lines = _lines(videos, groups, placement, _digests(len(videos), rows, digests))
    write_whole(os.path.join(folder, SPLITS_FILE), "".join(lines).encode())


def read_splits(folder: str) -> pa.Table:
    """Reads the `splits.csv` of an artifact: text in the columns `COLUMNS`, null where unknown.

    Raises:
        OSError: if it is not there or cannot be read.
    """
    return csv.read_csv(
        pa.BufferReader(storage.read_bytes(os.path.join(folder, SPLITS_FILE))),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(COLUMNS, TEXT), null_values=[""], strings_can_be_null=True
        ),
    )


def _lines(videos: VideoColumns, groups: Groups, placement: Placement, digests: np.ndarray) -> Iterator[str]:
    yield csv_lines([COLUMNS])
    order = pc.array_sort_indices(videos.uri).to_numpy()
    labels, splits = (*LABEL_NAMES, ""), (*features.SPLITS, "")  # -1 is the last.
    for start in range(0, len(order), _ROWS_AT_ONCE):
        rows = order[start : start + _ROWS_AT_ONCE]
        yield csv_lines(
            zip(
                videos.uri.take(pa.array(rows)).to_pylist(),
                (labels[code] for code in videos.label[rows]),
                groups.names.take(pa.array(groups.of_video[rows])).to_pylist(),
                (splits[code] for code in placement.split[rows]),
                videos.official.take(pa.array(rows)).to_pylist(),
                (bytes(digest).hex() if digest.any() else "" for digest in digests[rows]),
                (PLACED_BY[code] for code in placement.placed_by[rows]),
                strict=True,
            )
        )


def _digests(videos: int, rows: np.ndarray | None, digests: np.ndarray | None) -> np.ndarray:
    known = np.zeros((videos, 32), np.uint8)
    if rows is not None:
        known[rows] = digests
    return known
