"""Version numbers of pushed models: servers serve the highest one in a folder."""

import os
import time
from typing import Final

from components import storage
from components.errors import UserError
from components.file_patterns import matching
from components.served_model.description import read_model_description
from components.served_model.folder import GRAPH

_MAX_VERSION: Final = 2**63 - 1


def version_number(name: str) -> int | None:
    """Returns the int64 that TensorFlow Serving parses from a folder's name, or None if it ignores the folder."""
    if not (name.isascii() and name.isdigit()):
        return None
    number = int(name)
    return number if number <= _MAX_VERSION else None


def complete_versions(folder: str) -> dict[int, str]:
    """Returns the complete version folders in a push destination, local or in a bucket, by number, ascending.

    A model's graph is copied last; without it the version is incomplete, and servers ignore it, too.
    """
    paths = map(os.path.dirname, matching(folder, f"*/{GRAPH}"))
    numbered = [(version_number(os.path.basename(path)), path) for path in paths]
    return dict(sorted((number, path) for number, path in numbered if number is not None))


def find_version(folder: str, model_digest: str) -> str | None:
    """Returns the complete version in `folder` whose model has this digest, the highest if there are several."""
    for path in reversed(complete_versions(folder).values()):
        if _digest(path) == model_digest:
            return os.path.basename(path)
    return None


def next_version(folder: str) -> int:
    """Returns the seconds since the epoch, or the highest version in `folder`, complete or not, plus one if greater.

    Otherwise a version from a clock that was ahead would be served forever.

    Raises:
        UserError: if there is no higher number.
    """
    names = storage.listdir(folder) if storage.isdir(folder) else []
    numbers = [number for name in names if (number := version_number(name.rstrip("/"))) is not None]
    highest = max(numbers, default=0)
    if highest == _MAX_VERSION:
        raise UserError(f"{folder}: holds the version {highest}, after which there is none; rename that folder")
    return max(highest + 1, int(time.time()))


def _digest(path: str) -> str | None:
    """Returns the model's digest, or None if it is damaged or not from this pipeline."""
    try:
        return read_model_description(path).model_digest
    except (FileNotFoundError, UserError):
        return None
