"""Files that a reader sees whole or not at all."""

import os
import uuid
from typing import Final

import tensorflow as tf

from components.uris import is_remote

PARTIAL_SUFFIX: Final = ".partial"
"""Of what is still being written; a killed process may leave such a file."""


def write_whole(path: str, content: bytes) -> None:
    """Writes a local file or an object in a bucket, in place of the one that is there; makes its folder."""
    # A bucket shows an object once it is whole.
    target = path if is_remote(path) else f"{path}.{uuid.uuid4().hex}{PARTIAL_SUFFIX}"
    # A bare name has no folder.
    tf.io.gfile.makedirs(os.path.dirname(path) or ".")
    with tf.io.gfile.GFile(target, "wb") as file:
        file.write(content)
    if target != path:
        tf.io.gfile.rename(target, path, overwrite=True)
