"""Files on this machine and objects in buckets: the one place that opens, lists and removes them.

TensorFlow's file API does the work, except for S3, which it cannot open. A missing file raises
`tf.errors.NotFoundError` in either case.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from components import s3

_PIECE_BYTES = 1 << 20


def read_bytes(path: str) -> bytes:
    """Returns the content of a file.

    Raises:
        tf.errors.OpError: if it cannot be read; `NotFoundError` if it is missing.
        UserError: if an S3 store cannot be reached.
    """
    if s3.is_s3(path):
        return s3.read_bytes(path)
    with _api(path).GFile(path, "rb") as file:
        return file.read()


def sha256(path: str) -> str:
    """Returns the digest of a file's content in hexadecimal; reads it piece by piece, except from S3.

    Raises:
        tf.errors.OpError: if it cannot be read.
    """
    if s3.is_s3(path):
        return hashlib.sha256(s3.read_bytes(path)).hexdigest()
    digest = hashlib.sha256()
    with _api(path).GFile(path, "rb") as file:
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def write_bytes(path: str, content: bytes) -> None:
    """Writes a file; an object in a bucket appears only once complete. The folder of a local one must exist."""
    if s3.is_s3(path):
        s3.write_bytes(path, content)
        return
    with _api(path).GFile(path, "wb") as file:
        file.write(content)


def copy(source: str, target: str) -> None:
    """Copies a file, replacing an existing one; from and to S3, the other end is there too or a local file."""
    if s3.is_s3(source) or s3.is_s3(target):
        s3.copy(source, target)
    else:
        _api(source).copy(source, target, overwrite=True)


def exists(path: str) -> bool:
    """Whether there is a file or folder."""
    return _api(path).exists(path)


def isdir(path: str) -> bool:
    """Whether there is a folder; in a bucket, whether there are objects below it."""
    return _api(path).isdir(path)


def listdir(folder: str) -> list[str]:
    """Returns the names in a folder; in a bucket, those of folders end in a slash."""
    return _api(folder).listdir(folder)


def glob(pattern: str) -> list[str]:
    """Returns the paths that match; see `components.file_patterns`, which finds files by a literal folder."""
    return _api(pattern).glob(pattern)


def walk(folder: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yields each folder with the names of its folders and files, from the top; skips folders removed from the list."""
    return _api(folder).walk(folder)


def stat(path: str) -> Any:
    """Returns `length` in bytes, `mtime_nsec` since the epoch, and `is_directory`."""
    return _api(path).stat(path)


def remove(path: str) -> None:
    """Removes a file."""
    _api(path).remove(path)


def remove_folder(folder: str) -> None:
    """Removes a folder with everything in it."""
    _api(folder).rmtree(folder)


def _api(path: str) -> Any:
    if s3.is_s3(path):
        return s3
    # Imported late: reading a config does not load TensorFlow.
    import tensorflow as tf

    return tf.io.gfile  # noqa: TID251 (here alone)
