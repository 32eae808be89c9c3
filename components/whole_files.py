"""Atomic writes: readers see a file complete or not at all."""

import contextlib
import os
import uuid
from typing import Final

from components import storage
from components.uris import is_remote

PARTIAL_SUFFIX: Final = ".partial"
"""Suffix of files still being written; a killed process may leave one."""


def write_whole(path: str, content: bytes) -> None:
    """Writes a local file or an object in a bucket, replacing an existing one; creates its folder.

    A write that fails leaves what was there.

    Raises:
        OSError: if a local file cannot be written.
    """
    if is_remote(path):
        # Objects in a bucket appear only once complete, and need no folder.
        storage.write_bytes(path, content)
        return
    # A bare file name has no folder.
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    target = partial_name(path)
    try:
        with open(target, "xb") as file:
            file.write(content)
        os.replace(target, path)
    except BaseException as error:
        if isinstance(error, OSError):
            # Opening tells the unfinished file's, and writing none.
            error.filename, error.filename2 = path, None
        with contextlib.suppress(OSError):
            os.remove(target)
        raise


def partial_name(path: str) -> str:
    """Returns a new name beside a local file, for what is still being written."""
    return f"{path}.{uuid.uuid4().hex[:12]}{PARTIAL_SUFFIX}"
