"""Files on this machine and objects in buckets: the one place that opens, lists and removes them.

The standard library does the work for local files, boto3 for S3, and TensorFlow's file API for every other scheme.
Whichever it is, what goes wrong is an `OSError`; a missing file is a `FileNotFoundError`.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from components import local_files, s3
from components.uris import is_remote


def read_bytes(path: str) -> bytes:
    """Returns the content of a file.

    Raises:
        OSError: if it cannot be read.
        UserError: if an S3 store cannot be reached.
    """
    return _files(path).read_bytes(path)


def sha256(path: str) -> str:
    """Returns the digest of a file's content in hexadecimal; reads it piece by piece, except from S3.

    Raises:
        OSError: if it cannot be read.
        UserError: if an S3 store cannot be reached.
    """
    digest = hashlib.sha256()
    for piece in _files(path).read_pieces(path):
        digest.update(piece)
    return digest.hexdigest()


def write_bytes(path: str, content: bytes) -> None:
    """Writes a file; an object in a bucket appears only once complete. The folder of a local one must exist."""
    _files(path).write_bytes(path, content)


def copy(source: str, target: str) -> None:
    """Copies a file, replacing an existing one; from and to S3, the other end is there too or a local file."""
    _files(source, target).copy(source, target)


def exists(path: str) -> bool:
    """Whether there is a file or folder."""
    return _files(path).exists(path)


def isdir(path: str) -> bool:
    """Whether there is a folder; in a bucket, whether there are objects below it."""
    return _files(path).isdir(path)


def listdir(folder: str) -> list[str]:
    """Returns the names in a folder; in a bucket, those of folders end in a slash."""
    return _files(folder).listdir(folder)


def glob(pattern: str) -> list[str]:
    """Returns the paths that match; see `components.file_patterns`, which finds files by a literal folder."""
    return _files(pattern).glob(pattern)


def walk(folder: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yields each folder with the names of its folders and files, from the top; skips folders removed from the list."""
    return _files(folder).walk(folder)


def stat(path: str) -> Any:
    """Returns `length` in bytes, `mtime_nsec` since the epoch, and `is_directory`."""
    return _files(path).stat(path)


def remove(path: str) -> None:
    """Removes a file."""
    _files(path).remove(path)


def remove_folder(folder: str) -> None:
    """Removes a folder with everything in it."""
    _files(folder).rmtree(folder)


def _files(*paths: str) -> Any:
    """Returns the module for the first of these that one of the paths needs: S3, TensorFlow, or neither."""
    if any(map(s3.is_s3, paths)):
        return s3
    if any(map(is_remote, paths)):
        # Imported late: a command that finds local files only does without TensorFlow, which takes seconds.
        from components import tensorflow_files

        return tensorflow_files
    return local_files
