"""Tables as comma-separated values, one row per line, whatever characters their text contains."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any


def csv_lines(rows: Iterable[Sequence[Any]]) -> str:
    """Returns all rows, each ending with a line feed; None becomes an empty field."""
    lines = _Lines()
    # csv quotes only the line ends that occur in its terminator, but some readers end lines at \r as well as at \n.
    csv.writer(lines, lineterminator="\r\n").writerows(rows)
    return "".join(lines)


class _Lines(list[str]):
    def write(self, line: str) -> None:
        self.append(line.removesuffix("\r\n") + "\n")
