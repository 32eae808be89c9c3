"""Where videos are kept, and how they come to this machine."""

import contextlib
import os
import tempfile
from collections.abc import Iterator

import tensorflow as tf

from components.quarantine import Reason, VideoError


def join_uri(root: str, relative: str) -> str:
    """Joins a data root (local folder or bucket) and a path relative to it."""
    return os.path.join(root, relative)


def is_remote(uri: str) -> bool:
    """Whether the uri names an object in a bucket rather than a local file."""
    return "://" in uri


@contextlib.contextmanager
def local_copy(uri: str) -> Iterator[str]:
    """Gives a local path for `uri`: itself, or a temporary copy that lives as long as the context.

    Raises:
        VideoError: `missing`, if nothing is there.
    """
    if not is_remote(uri):
        if not os.path.isfile(uri):
            raise VideoError(Reason.MISSING, f"{uri} is not there")
        yield uri
        return
    with tempfile.TemporaryDirectory(prefix="deepfake-video-") as folder:
        path = os.path.join(folder, os.path.basename(uri))
        try:
            tf.io.gfile.copy(uri, path)
        except tf.errors.NotFoundError as error:
            raise VideoError(Reason.MISSING, f"{uri} is not there") from error
        yield path
