"""Files that an artifact may lack, because an earlier version wrote it or its run was cut short."""

from collections.abc import Callable
from typing import TypeVar

from components import storage

_Content = TypeVar("_Content")


def read_if_exists(read: Callable[[str], _Content], path: str) -> _Content | None:
    """Returns `read(path)`, or None if there is no such file."""
    return read(path) if storage.exists(path) else None
