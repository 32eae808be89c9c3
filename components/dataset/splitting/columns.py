"""A data set as columns, which for a million videos take a hundred megabytes rather than a gigabyte."""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from components import features
from components.dataset.entries import VideoEntry
from components.dataset.splitting.rules import META, SplitRules

TEXT: Final = pa.large_string()
TEXTS: Final = pa.large_list(TEXT)
LABEL_NAMES: Final = (features.REAL, features.FAKE)
"""The labels by their code."""


@dataclasses.dataclass(frozen=True)
class VideoColumns:
    """What splitting needs to know of n videos, in any order; the arrays' type is text of 64-bit offsets (`TEXT`).

    Attributes:
        uri: paths relative to the data root, with `/`; unique.
        label: int8 [n], index in `LABEL_NAMES`, -1 if unknown.
        originals: lists of text (`TEXTS`): the real videos that a fake was made from, each a uri or a bare file name.
        group_id: groups that the data set itself names; null if it names none.
        grouped_by: values of the column that `split.group_by=meta/<column>` names, null where a video has none; not
            used with `original` and `folder`.
        official: values of the column with official splits, null where a video has none.
        meta_columns: names of all `meta/` columns, for messages.
    """

    uri: pa.Array
    label: np.ndarray
    originals: pa.Array
    group_id: pa.Array
    grouped_by: pa.Array
    official: pa.Array
    meta_columns: tuple[str, ...] = ()

    def __len__(self) -> int:
        """The number of videos."""
        return len(self.uri)


def label_codes(labels: pa.Array) -> np.ndarray:
    """Returns int8 codes of labels as text: the index in `LABEL_NAMES`, -1 where a label is null."""
    found = pc.index_in(labels, value_set=pa.array(LABEL_NAMES, labels.type), skip_nulls=True)
    return pc.fill_null(found, -1).to_numpy(zero_copy_only=False).astype(np.int8)


def collect_columns(batches: Iterable[Sequence[VideoEntry]], rules: SplitRules) -> VideoColumns:
    """Collects what splitting needs from entries that come in batches, of which only one is held at a time.

    Args:
        batches: the videos, in the order that the columns will have.
        rules: which columns are needed.
    """
    tables: list[pa.Table] = []
    meta: set[str] = set()
    for entries in batches:
        meta.update(*(entry.meta for entry in entries))
        tables.append(
            pa.table(
                {
                    "uri": pa.array([entry.uri for entry in entries], TEXT),
                    "label": pa.array([entry.label for entry in entries], TEXT).dictionary_encode(),
                    "originals": pa.array([entry.originals for entry in entries], TEXTS),
                    "group_id": pa.array([entry.group_id for entry in entries], TEXT),
                    "grouped_by": pa.array([_value(entry, rules.group_by) for entry in entries], TEXT),
                    "official": pa.array([_value(entry, rules.column) for entry in entries], TEXT),
                }
            )
        )
    if not tables:
        return collect_columns([()], rules)
    table = pa.concat_tables(tables)
    columns = {name: pa.concat_arrays(table[name].chunks) for name in table.column_names if name != "label"}
    label = np.concatenate([label_codes(chunk.cast(TEXT)) for chunk in table["label"].chunks])
    return VideoColumns(label=label, meta_columns=tuple(sorted(meta)), **columns)


def _value(entry: VideoEntry, column: str) -> str | None:
    return entry.meta.get(column.removeprefix(META)) if column.startswith(META) else entry.split
