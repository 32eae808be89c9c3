"""Where videos are kept, and how they come to this machine."""

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from typing import Final

import tensorflow as tf

from components.regular_files import open_regular_file, require_regular_file
from components.uris import is_remote
from components.video_errors import Reason, VideoError

MAX_COPY_BYTES: Final = 4 << 30
"""The largest remote video that is copied to a temporary file, 4 GiB."""

_CHUNK_BYTES = 1 << 20


@contextlib.contextmanager
def local_copy(uri: str, *, max_bytes: int = MAX_COPY_BYTES) -> Iterator[str]:
    """Gives a local path for `uri`: itself, or a temporary copy that lives as long as the context.

    A local file is never copied. A remote one is read once, from its start to its end.

    Args:
        uri: of the video.
        max_bytes: the largest remote video that is copied; a larger one is refused before it is read.

    Raises:
        VideoError: `missing`, if nothing is there; `not_a_video`, if it is a pipe or the like; `too_large`.
    """
    if not is_remote(uri):
        require_regular_file(uri)
        yield uri
        return
    with tempfile.TemporaryDirectory(prefix="deepfake-video-") as folder:
        path = os.path.join(folder, os.path.basename(uri))
        try:
            _copy_remote(uri, path, max_bytes)
        except tf.errors.NotFoundError as error:
            raise VideoError(Reason.MISSING, f"{uri} is not there") from error
        yield path


@contextlib.contextmanager
def unchanged(path: str, content_digest: str) -> Iterator[None]:
    """Makes sure that a local file is, as long as the context lives, the one that was listed.

    What is read meanwhile may be filed under its digest: a file that was replaced since it was listed, or is replaced
    now, is refused.

    Args:
        path: of the file.
        content_digest: that it had when it was listed, as `hash_file` gives it; empty where that is not known.

    Raises:
        VideoError: `changed`.
    """
    before = _identity(path)
    yield
    # Read again, rather than its times compared: these stay with a file that is copied over another.
    if content_digest and (hash_file(path)[0] != content_digest or _identity(path) != before):
        raise VideoError(Reason.CHANGED, "the file is not the one that was listed; run again to take the new one")


def hash_file(path: str) -> tuple[str, int]:
    """The sha256, in hexadecimal, and the bytes of a local file.

    Raises:
        VideoError: `unreadable_container`, if it cannot be read to its end; `missing`; `not_a_video`, if it is no file.
    """
    digest, size_bytes = hashlib.sha256(), 0
    try:
        with open_regular_file(path) as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
                size_bytes += len(chunk)
    except FileNotFoundError as error:
        raise VideoError(Reason.MISSING, f"{path} is not there") from error
    except OSError as error:
        raise VideoError(Reason.UNREADABLE_CONTAINER, f"{error.strerror} after {size_bytes} bytes") from error
    return digest.hexdigest(), size_bytes


def _identity(path: str) -> tuple[int, int]:
    try:
        status = os.stat(path)
    except FileNotFoundError as error:
        raise VideoError(Reason.MISSING, f"{path} is not there") from error
    # Not the inode, which mounted buckets may number anew, nor the time of a mere chmod.
    return status.st_size, status.st_mtime_ns


def _copy_remote(uri: str, path: str, max_bytes: int) -> None:
    size_bytes = tf.io.gfile.stat(uri).length
    if size_bytes > max_bytes:
        raise VideoError(Reason.TOO_LARGE, f"{uri} has {size_bytes} bytes, more than the {max_bytes} that are copied")
    with tf.io.gfile.GFile(uri, "rb") as source, open(path, "wb") as target:
        shutil.copyfileobj(source, target, _CHUNK_BYTES)
