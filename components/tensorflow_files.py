"""Files that TensorFlow opens, such as objects on gs://; the functions are those of `components.storage`.

TensorFlow's errors end here: each becomes the `OSError` that the same trouble with a local file would be.
"""

import contextlib
import errno
import os
from collections.abc import Iterator
from typing import Any, Final

import tensorflow as tf

_NUMBERS: Final = {
    tf.errors.NotFoundError: errno.ENOENT,
    tf.errors.PermissionDeniedError: errno.EACCES,
    tf.errors.UnauthenticatedError: errno.EACCES,
    tf.errors.AlreadyExistsError: errno.EEXIST,
    tf.errors.ResourceExhaustedError: errno.ENOSPC,
}


def read_bytes(uri: str) -> bytes:
    """Returns the content of a file."""
    with _os_errors(uri), tf.io.gfile.GFile(uri, "rb") as file:
        return file.read()


def read_pieces(uri: str) -> Iterator[bytes]:
    """Yields the content of a file in pieces of a mebibyte."""
    with _os_errors(uri), tf.io.gfile.GFile(uri, "rb") as file:
        while piece := file.read(1 << 20):
            yield piece


def write_bytes(uri: str, content: bytes) -> None:
    """Writes a file, which appears once complete."""
    with _os_errors(uri), tf.io.gfile.GFile(uri, "wb") as file:
        file.write(content)


def copy(source: str, target: str) -> None:
    """Copies a file, replacing an existing one; either may be local."""
    with _os_errors(source):
        tf.io.gfile.copy(source, target, overwrite=True)


def exists(uri: str) -> bool:
    """Whether there is a file or folder."""
    with _os_errors(uri):
        return tf.io.gfile.exists(uri)


def isdir(uri: str) -> bool:
    """Whether there are files below the uri."""
    with _os_errors(uri):
        return tf.io.gfile.isdir(uri)


def listdir(uri: str) -> list[str]:
    """Returns the names in a folder, those of folders with a slash at the end."""
    with _os_errors(uri):
        return tf.io.gfile.listdir(uri)


def glob(pattern: str) -> list[str]:
    """Returns the uris that match."""
    with _os_errors(pattern):
        return tf.io.gfile.glob(pattern)


def walk(uri: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yields each folder with the names of its folders and files, from the top."""
    with _os_errors(uri):
        yield from tf.io.gfile.walk(uri)


def stat(uri: str) -> Any:
    """Returns `length` in bytes, `mtime_nsec` since the epoch, and `is_directory`."""
    with _os_errors(uri):
        return tf.io.gfile.stat(uri)


def remove(uri: str) -> None:
    """Removes a file."""
    with _os_errors(uri):
        tf.io.gfile.remove(uri)


def rmtree(uri: str) -> None:
    """Removes all files below the uri."""
    with _os_errors(uri):
        tf.io.gfile.rmtree(uri)


@contextlib.contextmanager
def _os_errors(uri: str) -> Iterator[None]:
    try:
        yield
    except tf.errors.OpError as error:
        number = _NUMBERS.get(type(error), errno.EIO)
        # OSError itself picks the subclass that belongs to the number.
        raise OSError(number, " ".join(error.message.split()) or os.strerror(number), uri) from error
