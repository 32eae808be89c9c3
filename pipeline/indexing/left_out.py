"""What an index leaves out: each file with the reason, so that nothing is dropped in silence."""

import collections
import csv
import io
import itertools
import os
import posixpath
from typing import IO, Final

from components import storage
from components.csv_lines import csv_lines
from components.dataset.files import VIDEO_SUFFIXES

HIDDEN: Final = "hidden"
LINKED_FOLDER: Final = "link to a folder"
LINK_OUTWARDS: Final = "link that leads out of its folder"
BROKEN_LINK: Final = "link that leads nowhere"
NO_FILE: Final = "pipe, socket or device"
UNUSABLE_NAME: Final = "name that no manifest can hold"
ALIKE: Final = "name that looks like another's"
ARCHIVE: Final = "archive, to be unpacked"
NO_VIDEO: Final = "no video"
UNKNOWN_PLACE: Final = "video in a folder that the layout does not have"
UNKNOWN_NAME: Final = "video with a name that the layout does not have"
UNLISTED: Final = "not in the list"
ABSENT: Final = "in the list, but not there"

HEADER: Final = ("uri", "reason")
_ARCHIVES: Final = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar")
_NAMES_KEPT: Final = 5


class LeftOut:
    """Collects what is left out: all of it in a file, counts and first names in memory."""

    def __init__(self, file: IO[str]) -> None:
        """Writes to `file`, a CSV with the columns `uri` and `reason`."""
        self.counts: collections.Counter[str] = collections.Counter()
        self.first: dict[str, list[str]] = collections.defaultdict(list)
        self._file = file
        file.write(csv_lines([HEADER]))

    def add(self, uri: str, reason: str) -> None:
        """Notes one file, or one line of a list."""
        self.counts[reason] += 1
        if len(self.first[reason]) < _NAMES_KEPT:
            self.first[reason].append(uri)
        self._file.write(csv_lines([(uri, reason)]))

    def add_file(self, uri: str, reason: str) -> None:
        """Notes a file, with this reason if it may be a video, else with what it is."""
        self.add(uri, reason if is_video(uri) else kind(uri))


def read_left_out(path: str) -> dict[str, list[str]]:
    """Returns the names in such a file by reason, in its order."""
    names: dict[str, list[str]] = collections.defaultdict(list)
    for uri, reason in itertools.islice(
        csv.reader(io.StringIO(storage.read_bytes(path).decode(), newline="")), 1, None
    ):
        names[reason].append(uri)
    return dict(names)


def is_video(name: str) -> bool:
    """Whether a file's name says that it is a video."""
    return name.lower().endswith(VIDEO_SUFFIXES)


def kind(uri: str) -> str:
    """Returns what a file is that is no video."""
    return ARCHIVE if os.path.splitext(posixpath.basename(uri))[1].lower() in _ARCHIVES else NO_VIDEO
