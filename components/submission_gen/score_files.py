"""The files of the artifact `scores`."""

import os
from typing import TYPE_CHECKING, Any, Final

from components.json_files import read_json
from components.json_lines import read_typed_rows

if TYPE_CHECKING:
    from components.submission_gen.rows import Row

ROWS_FILE: Final = "scores.jsonl"
SUBMISSION_FILE: Final = "submission.csv"
OUTCOME_FILE: Final = "outcome.json"
"""Holds the result of `outcome`."""


def read_rows(folder: str) -> "list[Row]":
    """Reads the rows in the artifact at `folder`."""
    # Imported late: a lineage needs the names of the files only.
    from components.submission_gen.rows import Row

    return read_typed_rows(os.path.join(folder, ROWS_FILE), Row)


def read_outcome(folder: str) -> dict[str, Any]:
    """Reads the result of `outcome` in the artifact at `folder`."""
    return read_json(os.path.join(folder, OUTCOME_FILE))
