"""Reads where an earlier run had each video."""

import dataclasses
import io
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from pyarrow import csv, json, parquet

from components import storage
from components.dataset.entries import show
from components.dataset.splitting.columns import TEXT
from components.dataset.splitting.official import UNKNOWN, split_codes
from components.dataset.splitting.texts import nfc, rows_of
from components.errors import UserError

_COLUMNS = ("uri", "split")


@dataclasses.dataclass(frozen=True)
class Pins:
    """Videos and their splits in an earlier run.

    Attributes:
        uri: unique, in Unicode composed form (NFC).
        split: int8 [n], index in `features.SPLITS`.
    """

    uri: pa.Array
    split: np.ndarray

    def of(self, uris: pa.Array) -> tuple[np.ndarray, int]:
        """Returns int8 [n], the split of each video, -1 where it is new; and how many pinned ones are not there."""
        rows = rows_of(nfc(uris), self.uri)
        known = rows >= 0
        codes = np.full(len(uris), UNKNOWN, np.int8)
        codes[known] = self.split[rows[known]]
        return codes, len(self.uri) - len(np.unique(rows[known]))


def read_pins(path: str, names: Mapping[str, str]) -> Pins:
    """Reads a former `splits.csv`, or any CSV, JSON Lines or Parquet file with the columns `uri` and `split`.

    Args:
        path: local file or uri in a bucket.
        names: what else is meant by which name of a split.

    Raises:
        UserError: if it cannot be read, lacks a column, names an unknown split, or has a video in two.
    """
    where = f"split.pin={path}"
    table = _read(path, where)
    if lacking := [name for name in _COLUMNS if name not in table.column_names]:
        raise UserError(
            f"{where}: has no column {lacking[0]!r}, only {', '.join(map(show, table.column_names)) or 'none'}; "
            "give the splits.csv of an earlier run, or a table with uri and split"
        )
    uri, split = (table[name].cast(TEXT).combine_chunks() for name in _COLUMNS)
    uri, split = (pa.concat_arrays(it.chunks) if isinstance(it, pa.ChunkedArray) else it for it in (uri, split))
    codes = split_codes(split, names, where)
    placed = (codes != UNKNOWN) & uri.is_valid().to_numpy(zero_copy_only=False)
    uri, codes = nfc(uri.filter(pa.array(placed))), codes[placed]
    unique = uri.dictionary_encode()
    index = unique.indices.to_numpy()
    first = np.full(len(unique.dictionary), UNKNOWN, np.int8)
    first[index[::-1]] = codes[::-1]
    if (contrary := np.flatnonzero(first[index] != codes)).size:
        raise UserError(f"{where}: {show(uri[contrary[0]].as_py())} is there in two splits; keep the one that is right")
    if not len(first):
        raise UserError(f"{where}: places no video; give the splits.csv of an earlier run")
    return Pins(unique.dictionary, first)


def _read(path: str, where: str) -> pa.Table:
    try:
        file = io.BytesIO(storage.read_bytes(path))
        if path.endswith(".parquet"):
            return parquet.read_table(file)
        if path.endswith((".jsonl", ".ndjson")):
            return json.read_json(file)
        as_text = dict.fromkeys(_COLUMNS, TEXT)
        return csv.read_csv(
            file,
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(column_types=as_text, strings_can_be_null=True),
        )
    except (OSError, pa.ArrowInvalid) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{where}: cannot be read ({reason}); give the splits.csv of an earlier run") from error
