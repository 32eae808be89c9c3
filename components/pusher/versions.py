"""Version numbers of pushed models: servers serve the highest one in a folder."""

import os
import time
from collections.abc import Mapping
from typing import Final

from components import storage
from components.errors import UserError
from components.file_patterns import matching
from components.recorded_files import RecordedFile, find_damage
from components.served_model.description import read_model_description
from components.served_model.version_files import find_version_damage, lists_its_files

_MAX_VERSION: Final = 2**63 - 1


def version_number(name: str) -> int | None:
    """Returns the int64 that TensorFlow Serving parses from a folder's name, or None if it ignores the folder."""
    if not (name.isascii() and name.isdigit()):
        return None
    number = int(name)
    return number if number <= _MAX_VERSION else None


def numbered_versions(folder: str) -> list[tuple[int, str]]:
    """Returns number and path of what is named as a version in a push destination, whole or not, highest first."""
    paths = [path.rstrip("/") for path in matching(folder, "*")]
    numbered = [(version_number(os.path.basename(path)), path) for path in paths]
    return sorted(((number, path) for number, path in numbered if number is not None), reverse=True)


def highest_version(folder: str) -> tuple[int, str] | None:
    """Returns number and path of the highest version in a push destination that is whole, by its files' sizes."""
    return next((each for each in numbered_versions(folder) if not find_version_damage(each[1])), None)


def find_version(
    folder: str, model_digest: str, files: Mapping[str, RecordedFile]
) -> tuple[str | None, dict[str, str]]:
    """Looks for a model in a push destination.

    Args:
        folder: the destination.
        model_digest: of the model, as in `model.json`.
        files: of the model; versions that earlier versions of the pipeline pushed must have the same.

    Returns:
        The path of the highest version that is this model and whole, or None, and by path what is wrong with those
        that were meant to be it.
    """
    whole, torn = None, {}
    for _, path in numbered_versions(folder):
        if _digest(path) == model_digest:
            damage = find_version_damage(path, content=None)
            if not damage and not lists_its_files(path):
                damage = find_damage(path, files)
            if damage:
                torn[path] = damage
            else:
                whole = whole or path
    return whole, torn


def next_version(folder: str) -> int:
    """Returns the seconds since the epoch, or the highest version in `folder`, whole or not, plus one if greater.

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
    except (OSError, UserError):
        return None
