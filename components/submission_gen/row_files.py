"""The files that rows are written to."""

import dataclasses
import io
import json
import os
from collections.abc import Sequence
from typing import Final

from components.csv_lines import csv_lines
from components.errors import UserError
from components.json_lines import json_line
from components.output_files import write_output
from components.submission_gen.rows import Row

FORMS: Final = (".csv", ".jsonl", ".parquet")


def require_known_format(path: str) -> None:
    """Rejects a file whose extension is not a known format.

    Raises:
        UserError: naming the known formats.
    """
    if os.path.splitext(path)[1].lower() not in FORMS:
        raise UserError(f"--out {path}: the form is not known; give a name that ends in {', '.join(FORMS)}")


def write_rows(path: str, rows: Sequence[Row]) -> None:
    """Writes all rows atomically, in the format given by the extension.

    In CSV, lists are JSON and unknown values are empty; in Parquet, they are nested columns.
    """
    form = os.path.splitext(path)[1].lower()
    content = {".csv": _csv, ".jsonl": _json_lines, ".parquet": _parquet}[form](rows)
    write_output(path, content)


def _json_lines(rows: Sequence[Row]) -> bytes:
    return "".join(f"{json_line(row)}\n" for row in rows).encode()


def _csv(rows: Sequence[Row]) -> bytes:
    table = [[field.name for field in dataclasses.fields(Row)]]
    table += [
        [json.dumps(value) if isinstance(value, list | bool) else value for value in dataclasses.asdict(row).values()]
        for row in rows
    ]
    return csv_lines(table).encode()


def _parquet(rows: Sequence[Row]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    numbers = pa.list_(pa.float64())
    face = pa.struct(
        [
            ("face", pa.int64()),
            ("probability", pa.float64()),
            ("times_s", numbers),
            ("boxes", pa.list_(numbers)),
        ]
    )
    window = pa.struct(
        [
            ("start_s", pa.float64()),
            ("end_s", pa.float64()),
            ("probability", pa.float64()),
            ("faces", pa.list_(face)),
        ]
    )
    kinds = {
        "probability": pa.float64(),
        "probability_std": pa.float64(),
        "likelihood_ratio": pa.float64(),
        "caution": pa.list_(pa.string()),
        "windows": pa.list_(window),
        "not_looked_at": pa.list_(numbers),
        "duration_s": pa.float64(),
        "frames": pa.int64(),
        "truncated": pa.bool_(),
        "crop_side": pa.int64(),
        "frame_scores": numbers,
        "frame_timestamps_s": numbers,
        "model_forgeries": pa.list_(pa.string()),
        "model_window_s": pa.float64(),
    }
    schema = pa.schema([(field.name, kinds.get(field.name, pa.string())) for field in dataclasses.fields(Row)])
    buffer = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(list(map(dataclasses.asdict, rows)), schema=schema), buffer)
    return buffer.getvalue()
