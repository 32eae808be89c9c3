"""Where videos are kept, and how they come to this machine."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from typing import Final

import tensorflow as tf

from components.quarantine import Reason, VideoError
from components.regular_files import require_regular_file

MAX_COPY_BYTES: Final = 4 << 30
"""The largest remote video that is copied to a temporary file, 4 GiB."""

_CHUNK_BYTES = 1 << 20


def join_uri(root: str, relative: str) -> str:
    """Joins a data root (local folder or bucket) and a path relative to it."""
    return os.path.join(root, relative)


def is_remote(uri: str) -> bool:
    """Whether the uri names an object in a bucket rather than a local file."""
    return "://" in uri


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


def _copy_remote(uri: str, path: str, max_bytes: int) -> None:
    size_bytes = tf.io.gfile.stat(uri).length
    if size_bytes > max_bytes:
        raise VideoError(Reason.TOO_LARGE, f"{uri} has {size_bytes} bytes, more than the {max_bytes} that are copied")
    with tf.io.gfile.GFile(uri, "rb") as source, open(path, "wb") as target:
        shutil.copyfileobj(source, target, _CHUNK_BYTES)
