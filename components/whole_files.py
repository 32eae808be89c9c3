"""Atomic writes: readers see a file complete or not at all."""

import os
import uuid
from typing import Final

import tensorflow as tf

from components.folders import make_folder
from components.uris import is_remote

PARTIAL_SUFFIX: Final = ".partial"
"""Suffix of files still being written; a killed process may leave one."""


def write_whole(path: str, content: bytes) -> None:
    """Writes a local file or an object in a bucket, replacing an existing one; creates its folder."""
    # Objects in a bucket appear only once complete.
    target = path if is_remote(path) else f"{path}.{uuid.uuid4().hex}{PARTIAL_SUFFIX}"
    # A bare file name has no folder.
    make_folder(os.path.dirname(path) or ".")
    with tf.io.gfile.GFile(target, "wb") as file:
        file.write(content)
    if target != path:
        tf.io.gfile.rename(target, path, overwrite=True)
