"""Tables as comma-separated values, one row a line, whichever characters their text holds."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any


def csv_lines(rows: Iterable[Sequence[Any]]) -> str:
    """All rows, each of which ends with a line feed; None is empty."""
    return "".join(map(_csv_line, rows))


def _csv_line(row: Sequence[Any]) -> str:
    line = io.StringIO()
    # A sign that ends a line for some readers is quoted only where it ends the writer's own.
    csv.writer(line, lineterminator="\r\n").writerow(row)
    return line.getvalue().removesuffix("\r\n") + "\n"
