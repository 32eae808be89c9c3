"""Tables as comma-separated values, one row per line, whatever characters their text contains."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any


def csv_lines(rows: Iterable[Sequence[Any]]) -> str:
    """Returns all rows, each ending with a line feed; None becomes an empty field."""
    return "".join(map(_csv_line, rows))


def _csv_line(row: Sequence[Any]) -> str:
    line = io.StringIO()
    # csv quotes only the line ends that occur in its terminator, but some readers end lines at \r as well as at \n.
    csv.writer(line, lineterminator="\r\n").writerow(row)
    return line.getvalue().removesuffix("\r\n") + "\n"
