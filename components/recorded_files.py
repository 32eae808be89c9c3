"""The files of a folder, recorded by whoever wrote them, so that whoever reads them can tell that they are whole."""

import concurrent.futures
import json
import os
from collections.abc import Mapping
from typing import Final, NamedTuple

from components import storage
from components.file_faults import reason
from components.uris import is_remote

FILES_PROPERTY: Final = "__files__"
"""The custom property of an artifact that holds what `record_files` found, as JSON.

Names that begin so are not shown with an artifact's other properties.
"""

# Folders that Beam may still be about to remove.
_BEAM_TEMPORARY = "beam-temp-"
# In a bucket each answer takes a round trip; on a disk the hashing takes the time.
_REMOTE_THREADS = 32


class RecordedFile(NamedTuple):
    """Size in bytes, and SHA-256 in hexadecimal; empty if the content was not read."""

    size: int
    digest: str


RecordedFiles = dict[str, RecordedFile]
"""Files by their paths relative to their folder."""


def record_files(folder: str, *, content: bool | None = None) -> RecordedFiles:
    """Records all files below a folder, local or in a bucket.

    Args:
        folder: the folder.
        content: whether to read them for their digests; by default only on this machine, since a bucket would send
            every byte, and keeps checksums of its own.
    """
    content = not is_remote(folder) if content is None else content

    def record(name: str) -> RecordedFile:
        path = os.path.join(folder, name)
        return RecordedFile(storage.stat(path).length, storage.sha256(path) if content else "")

    names = _names(folder)
    with _threads(folder) as executor:
        return dict(zip(names, executor.map(record, names), strict=True))


def find_damage(
    folder: str, files: Mapping[str, RecordedFile], *, content: bool | None = None, others: bool = True
) -> str:
    """Says in a few words how a folder differs from what was recorded of it; empty if it does not.

    Args:
        folder: the folder.
        files: its files as recorded.
        content: whether to compare digests, where they were recorded; by default on this machine only.
        others: whether the folder may hold further files.
    """
    content = not is_remote(folder) if content is None else content
    there = set(_names(folder))
    if missing := sorted(files.keys() - there):
        return f"{missing[0]} is missing"
    if not others and (added := sorted(there - files.keys())):
        return f"{added[0]} was added"

    def compare(name: str) -> str:
        path, recorded = os.path.join(folder, name), files[name]
        try:
            size = storage.stat(path).length
            if size != recorded.size:
                return f"{name} has {size:,} bytes, not {recorded.size:,}"
            # What has no bytes may also be a pipe, on which a reader would wait for ever.
            if content and recorded.digest and size and storage.sha256(path) != recorded.digest:
                return f"{name} is not as it was written"
        except OSError as error:
            return f"{name} cannot be read ({reason(error)})"
        return ""

    with _threads(folder) as executor:
        return next(filter(None, executor.map(compare, sorted(files))), "")


def files_to_json(files: Mapping[str, RecordedFile]) -> str:
    """Returns the record as text for `FILES_PROPERTY`."""
    return json.dumps(files, separators=(",", ":"), sort_keys=True)


def files_from_json(text: str | None) -> RecordedFiles | None:
    """Returns the record that `files_to_json` wrote; None if there is none, as of artifacts of earlier versions."""
    return {name: RecordedFile(*told) for name, told in json.loads(text).items()} if text else None


def _names(folder: str) -> list[str]:
    start = len(folder.rstrip("/")) + 1
    return sorted(
        os.path.join(parent, name)[start:]
        for parent, _, names in storage.walk(folder)
        if not parent[start:].startswith(_BEAM_TEMPORARY) and f"/{_BEAM_TEMPORARY}" not in parent[start:]
        for name in names
    )


def _threads(folder: str) -> concurrent.futures.ThreadPoolExecutor:
    return concurrent.futures.ThreadPoolExecutor(_REMOTE_THREADS if is_remote(folder) else os.cpu_count())
