"""Lists the videos to score in a folder, whether or not a metadata.json lists them."""

import dataclasses
import os
from collections.abc import Iterator
from typing import Final

from components import storage
from components.dataset.entries import VideoEntry
from components.dataset.metadata import METADATA_FILE
from components.dataset.sources import read_dataset
from components.errors import UserError
from components.file_patterns import matching
from components.uris import join_uri

# Files that often accompany videos and are clearly none; any other name may be a video's.
_NO_VIDEOS: Final = (".json", ".csv", ".txt", ".md")


@dataclasses.dataclass(frozen=True)
class VideoFolder:
    """The videos of a folder.

    Attributes:
        data_root: as given.
        entries: one for each file, sorted by uri, with its label if a metadata.json has it.
        absent: uris that a metadata.json lists but that do not exist.
        labels_refused: why an existing metadata.json was not used; empty if it was used, or if there is none.
    """

    data_root: str
    entries: tuple[VideoEntry, ...]
    absent: tuple[str, ...]
    labels_refused: str


def read_video_folder(data_root: str) -> VideoFolder:
    """Lists the videos below a folder, local or in a bucket.

    Raises:
        UserError: if it does not exist, cannot be reached, or holds no videos.
    """
    try:
        if not storage.isdir(data_root):
            raise UserError(f"data.root={data_root!r}: no such folder; type --data-root DIR, the folder of the videos")
        uris = sorted(os.path.relpath(path, data_root) for path in videos_below(data_root))
    except OSError as error:
        raise UserError(
            f"{data_root}: cannot be reached ({error.strerror}); check the address and your access"
        ) from error
    if not uris:
        raise UserError(f"{data_root}: the folder holds no videos; name one that does")
    listed: dict[str, VideoEntry] = {}
    refused = ""
    if metadata_files(data_root):
        try:
            listed = {entry.uri: entry for entry in read_dataset(data_root).entries}
        except UserError as error:
            # The scores do not need them.
            refused = str(error)
    entries = tuple(listed.get(uri) or VideoEntry(uri, label=None) for uri in uris)
    return VideoFolder(data_root, entries, tuple(sorted(listed.keys() - set(uris))), refused)


def videos_below(folder: str) -> Iterator[str]:
    """Yields the uris of all files below a folder except hidden ones and json, csv, txt and md.

    Raises:
        UserError: if a name is not UTF-8.
    """
    try:
        for parent, folders, names in storage.walk(folder):
            # The walk is top-down and does not enter folders removed here.
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                if not name.startswith(".") and os.path.splitext(name)[1].lower() not in _NO_VIDEOS:
                    yield join_uri(parent, name)
    except UnicodeDecodeError as error:
        # TensorFlow cannot list a folder with such a name.
        raise UserError(f"{folder}: the name {error.object!r} is not UTF-8; rename the file, or remove it") from error


def metadata_files(folder: str) -> list[str]:
    """Returns the uris of each metadata.json in the folder and in its direct subfolders."""
    return [path for pattern in (METADATA_FILE, f"*/{METADATA_FILE}") for path in matching(folder, pattern)]
