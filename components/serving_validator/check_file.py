"""The file of the ServingValidator's artifact."""

import os
from collections.abc import Mapping
from typing import Any, Final

from components.json_files import read_json, write_json

CHECK_FILE: Final = "serving_check.json"
"""What `check_serving` gives."""


def write_serving_check(folder: str, content: Mapping[str, Any]) -> None:
    """Writes what `check_serving` gave."""
    write_json(os.path.join(folder, CHECK_FILE), content)


def read_serving_check(folder: str) -> dict[str, Any]:
    """Reads what `write_serving_check` wrote."""
    return read_json(os.path.join(folder, CHECK_FILE))
