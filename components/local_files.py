"""Files of this machine; the functions are those of `components.storage`."""

import os
import shutil
from collections.abc import Iterator
from typing import NamedTuple

from components.globs import find_paths


class Stat(NamedTuple):
    """Size in bytes, and time of the last change in ns since the epoch."""

    length: int
    mtime_nsec: int
    is_directory: bool


def read_bytes(path: str) -> bytes:
    """Returns the content of a file."""
    with open(path, "rb") as file:
        return file.read()


def read_pieces(path: str) -> Iterator[bytes]:
    """Yields the content of a file in pieces of a mebibyte."""
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            yield piece


def write_bytes(path: str, content: bytes) -> None:
    """Writes a file, whose folder must exist."""
    with open(path, "wb") as file:
        file.write(content)


def copy(source: str, target: str) -> None:
    """Copies a file, replacing an existing one."""
    shutil.copyfile(source, target)


def exists(path: str) -> bool:
    """Whether there is a file or folder."""
    return os.path.exists(path)


def isdir(path: str) -> bool:
    """Whether there is a folder."""
    return os.path.isdir(path)


def listdir(folder: str) -> list[str]:
    """Returns the names in a folder."""
    return [_utf8(name) for name in os.listdir(folder)]


def glob(pattern: str) -> list[str]:
    """Returns the paths that match."""
    start = "/" if pattern.startswith("/") else ""
    return find_paths(start, pattern.removeprefix("/"), _marked_names, exists)


def walk(folder: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yields each folder, also those that are links, with the names of its folders and files, from the top."""
    for parent, folders, names in os.walk(folder, onerror=_raise_unless_gone, followlinks=True):
        for name in (*folders, *names):
            _utf8(name)
        yield parent, folders, names


def stat(path: str) -> Stat:
    """Returns size and time of a file or folder."""
    found = os.stat(path)
    return Stat(found.st_size, found.st_mtime_ns, os.path.isdir(path))


def remove(path: str) -> None:
    """Removes a file."""
    os.remove(path)


def rmtree(folder: str) -> None:
    """Removes a folder with everything in it."""
    shutil.rmtree(folder)


def _marked_names(folder: str) -> list[str]:
    """Returns the names in a folder, those of folders with a slash at the end; none if it cannot be listed."""
    try:
        names = listdir(folder or os.curdir)
    except OSError:
        return []
    return [f"{name}/" if os.path.isdir(os.path.join(folder, name)) else name for name in names]


def _raise_unless_gone(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def _utf8(name: str) -> str:
    """Refuses a name that TFX could not handle.

    Raises:
        UnicodeDecodeError: if it is not UTF-8.
    """
    os.fsencode(name).decode()
    return name
