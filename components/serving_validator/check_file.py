"""The file in the ServingValidator's artifact."""

import os
from collections.abc import Mapping
from typing import Any, Final

from components.json_files import read_json, write_json

CHECK_FILE: Final = "serving_check.json"
"""Holds the result of `check_serving`."""


def write_serving_check(folder: str, content: Mapping[str, Any]) -> None:
    """Writes the result of `check_serving`."""
    write_json(os.path.join(folder, CHECK_FILE), content)


def read_serving_check(folder: str) -> dict[str, Any]:
    """Reads the file that `write_serving_check` wrote."""
    return read_json(os.path.join(folder, CHECK_FILE))
