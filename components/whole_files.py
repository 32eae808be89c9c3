"""Atomic writes: readers see a file complete or not at all."""

import os
import uuid
from typing import Final

from components import storage
from components.uris import is_remote

PARTIAL_SUFFIX: Final = ".partial"
"""Suffix of files still being written; a killed process may leave one."""


def write_whole(path: str, content: bytes) -> None:
    """Writes a local file or an object in a bucket, replacing an existing one; creates its folder."""
    if is_remote(path):
        # Objects in a bucket appear only once complete, and need no folder.
        storage.write_bytes(path, content)
        return
    target = f"{path}.{uuid.uuid4().hex}{PARTIAL_SUFFIX}"
    # A bare file name has no folder.
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    storage.write_bytes(target, content)
    os.replace(target, path)
