"""Walks the source of an index, a local folder or one in a bucket, one folder at a time."""

import collections
import dataclasses
import functools
import os
import posixpath
from collections.abc import Collection, Iterator

from components import storage
from components.dataset.entries import name_fault
from components.dataset.listing import Listing, exists, list_folder
from components.errors import UserError
from components.file_names import nfc
from components.uris import is_remote, join_uri
from components.whole_files import PARTIAL_SUFFIX
from pipeline.indexing import left_out as why
from pipeline.indexing.left_out import LeftOut

# A layout begins at most this deep in the source, and among the first folders there.
_SURVEYED_LEVELS = 2
_SURVEYED_FOLDERS = 1000


@dataclasses.dataclass(frozen=True)
class Source:
    """What is indexed.

    Attributes:
        root: the folder that uris are relative to.
        ours: paths of files that the index itself writes.
    """

    root: str
    ours: frozenset[str] = frozenset()

    def path(self, relative: str) -> str:
        """Returns the path of a file or folder below the root; of the root itself for empty text."""
        return join_uri(self.root, relative) if relative else self.root

    def is_ours(self, uri: str) -> bool:
        """Whether the index writes this file, or is writing it."""
        name = posixpath.basename(uri)
        if not name.endswith(PARTIAL_SUFFIX) and name not in self._our_names:
            return False
        path = absolute(self.path(uri))
        return path in self.ours or (path.endswith(PARTIAL_SUFFIX) and path.startswith(tuple(self.ours)))

    @functools.cached_property
    def _our_names(self) -> frozenset[str]:
        return frozenset(map(posixpath.basename, self.ours))

    @functools.cached_property
    def survey(self) -> tuple[tuple[str, Listing], ...]:
        """The folders at the top, those in which a whole data set may begin, with what is in them."""
        found: list[tuple[str, Listing]] = []
        waiting = collections.deque([("", 0)])
        while waiting and len(found) < _SURVEYED_FOLDERS:
            path, level = waiting.popleft()
            listing = list_folder(self.path(path))
            found.append((path, listing))
            if level < _SURVEYED_LEVELS:
                folders = (name for name in listing.folders if not name.startswith(".") and name not in listing.links)
                waiting.extend((posixpath.join(path, name), level + 1) for name in folders)
        return tuple(found)


@dataclasses.dataclass(frozen=True)
class Folder:
    """A folder relative to the source, "" for the source itself, and the names of its files that may be used."""

    path: str
    files: tuple[str, ...]

    def uri(self, name: str) -> str:
        """Returns the uri of one of the files."""
        return posixpath.join(self.path, name)


def require_folder(root: str) -> None:
    """Checks that the source can be listed.

    Raises:
        UserError: if it is absent, a file, or out of reach.
    """
    if exists(root) and storage.isdir(root):
        return
    kind = "is a file" if exists(root) else "is not there"
    raise UserError(f"{root}: {kind}; give the folder of the videos")


def walk(source: Source, left_out: LeftOut | None, below: str = "") -> Iterator[Folder]:
    """Yields each folder in the order of names; links to folders and hidden folders are not entered.

    Args:
        source: what is indexed.
        left_out: is told of what may not be used, whatever the layout; None for a look ahead.
        below: where to begin.

    Raises:
        UserError: if a folder cannot be listed, or a name is not UTF-8.
    """
    tell = left_out.add if left_out else lambda uri, reason: None
    waiting: list[tuple[str, str]] = [(below, "")]
    while waiting:
        path, fault = waiting.pop()
        listing = list_folder(source.path(path))
        faults = dict(_faults(source, path, listing))
        files = []
        for name in sorted(listing.files):
            uri = posixpath.join(path, name)
            if reason := fault or faults.get(name, ""):
                tell(uri, reason)
            elif not source.is_ours(uri):
                files.append(name)
        for name in sorted(faults.keys() - listing.files - set(listing.folders)):
            tell(posixpath.join(path, name), faults[name])
        yield Folder(path, tuple(files))
        for name in reversed(listing.folders):
            folder = posixpath.join(path, name)
            if faults.get(name) in (why.HIDDEN, why.LINKED_FOLDER):
                tell(f"{folder}/", faults[name])
            else:
                waiting.append((folder, fault or faults.get(name, "")))


def places_with(source: Source, *, folders: Collection[str] = (), files: Collection[str] = ()) -> list[str]:
    """Returns the folders at the top of the source that hold one of these folders or files, by names in lower case."""
    return [
        path
        for path, listing in source.survey
        if any(name.lower() in folders for name in listing.folders)
        or any(name.lower() in files for name in listing.files)
    ]


def _faults(source: Source, path: str, listing: Listing) -> Iterator[tuple[str, str]]:
    """Yields the names that may not be used, with the reason; the last one of a name counts."""
    for names in (listing.files, frozenset(listing.folders)):
        looks = collections.Counter(map(nfc, names))
        for name in names:
            if looks[nfc(name)] > 1:
                yield name, why.ALIKE
            if name_fault(name):
                yield name, why.UNUSABLE_NAME
    yield from ((name, why.NO_FILE) for name in listing.special)
    folders = frozenset(listing.folders)
    for name in listing.links:
        if name in folders:
            yield name, why.LINKED_FOLDER
        elif name not in listing.files and name not in listing.special:
            yield name, why.BROKEN_LINK
        elif not is_remote(source.root) and not _stays(source.path(path), name):
            yield name, why.LINK_OUTWARDS
    for name in (*listing.files, *listing.folders):
        if name.startswith("."):
            yield name, why.HIDDEN


def _stays(folder: str, link: str) -> bool:
    home = os.path.realpath(folder)
    return os.path.realpath(os.path.join(home, link)).startswith(os.path.join(home, ""))


def absolute(path: str) -> str:
    """Returns the one name of a file by which it can be compared."""
    return path if is_remote(path) else os.path.realpath(path)
