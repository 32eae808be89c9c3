"""Reads a data set by either way in: metadata.json in its folders, or one manifest."""

import array
import dataclasses
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from components import storage
from components.dataset.entries import VideoEntry, show
from components.dataset.faults import Faults
from components.dataset.files import find_files
from components.dataset.listing import Listing, exists
from components.dataset.manifest import read_manifest
from components.dataset.metadata import METADATA_FILE, read_metadata
from components.dataset.originals import original_faults
from components.dataset.splitting.columns import VideoColumns, collect_columns
from components.dataset.splitting.rules import SplitRules
from components.dataset.splitting.texts import nfc
from components.dataset.tables import place_of, require_table
from components.errors import UserError

_ENTRIES_AT_ONCE = 10_000


@dataclasses.dataclass(frozen=True)
class Source:
    """Where entries come from.

    Attributes:
        listed_in: what lists them: `metadata.json`, or the manifest's path.
        read: reads all entries with their numbers, and puts faults where it is told; may be called again.
        place: names the file and the line of an entry, by its number and its uri.
        unknown: what is written where an original is unknown.
        listings: folders that are listed already, by their path relative to the data root.
        ignored_folders: direct subfolders that nothing lists.
    """

    listed_in: str
    read: Callable[[Faults], Iterable[tuple[int, VideoEntry]]]
    place: Callable[[int, str], str]
    unknown: str
    listings: Mapping[str, Listing] = dataclasses.field(default_factory=dict)
    ignored_folders: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Dataset:
    """What is listed, and which files exist.

    Attributes:
        data_root: as given.
        source: where the entries come from.
        videos: the entries as columns, in the source's order; uris are as the files are called.
        is_there: bool [n], whether the video exists.
        unlisted: uris of files that look like videos and are not listed, in the folders that hold listed ones.
    """

    data_root: str
    source: Source
    videos: VideoColumns
    is_there: np.ndarray
    unlisted: tuple[str, ...]

    def __len__(self) -> int:
        """The number of listed videos."""
        return len(self.videos)

    @property
    def entries(self) -> Iterator[VideoEntry]:
        """The entries in full, in the order of the columns, read anew.

        Raises:
            UserError: if they are not those that were read before.
        """
        changed = f"{self.source.listed_in}: was changed while it was read; type the same again"
        row, faults = 0, Faults("entries")
        for row, (_, entry) in enumerate(self.source.read(faults), 1):
            uri = self.videos.uri[row - 1].as_py() if row <= len(self) else ""
            if entry.uri != uri and nfc(pa.array([entry.uri]))[0] != nfc(pa.array([uri]))[0]:
                raise UserError(changed)
            yield entry if entry.uri == uri else dataclasses.replace(entry, uri=uri)
        if row != len(self):
            raise UserError(changed)

    @property
    def pattern(self) -> str:
        """The glob, relative to the data root, that all files of a data set with metadata.json match."""
        return "*/*" if self.source.listings and "" not in self.source.listings else "*"

    @property
    def missing(self) -> tuple[str, ...]:
        """The uris that are listed but do not exist, sorted."""
        return tuple(sorted(self.videos.uri.filter(pa.array(~self.is_there)).to_pylist()))

    @property
    def present(self) -> np.ndarray:
        """The rows of the videos that exist, in the order of their uris."""
        rows = np.flatnonzero(self.is_there)
        return rows[pc.array_sort_indices(self.videos.uri.take(pa.array(rows))).to_numpy()]


def read_dataset(data_root: str, manifest: str = "", rules: SplitRules = SplitRules()) -> Dataset:  # noqa: B008
    """Reads everything that lists videos, and checks it against the files.

    Args:
        data_root: local folder or bucket. Without a manifest it holds a metadata.json, or direct subfolders with one each.
        manifest: table with one row a video; empty for metadata.json.
        rules: name the columns that splitting needs.

    Raises:
        UserError: naming the file, the first invalid entry and how many more there are.
    """
    source = _manifest_source(data_root, manifest) if manifest else _metadata_source(data_root)
    faults = Faults("rows" if manifest else "entries")
    numbers = array.array("i")
    videos = collect_columns(_batches(source.read(faults), numbers), rules)

    def at(row: int) -> str:
        return source.place(numbers[row], videos.uri[row].as_py())

    for row, other in _twice(videos.uri) if manifest else ():
        twice = show(videos.uri[row].as_py())
        faults.add(f"{at(row)}: {twice} is there twice, first at {at(other)}; keep one")
    found = find_files(data_root, videos.uri, source.listings)
    for row, fault in found.faults:
        faults.add(f"{at(row)}: {fault}")
    videos = dataclasses.replace(videos, uri=found.uri)
    for row, fault in original_faults(videos, source.unknown):
        faults.add(f"{at(row)}: {show(os.path.basename(videos.uri[row].as_py()))}: {fault}")
    faults.raise_first()
    if not len(videos):
        raise UserError(f"{source.listed_in}: lists no videos; write one row for each")
    return Dataset(data_root, source, videos, found.is_there, found.unlisted)


def _metadata_source(data_root: str) -> Source:
    folders = read_metadata(data_root)
    return Source(
        METADATA_FILE,
        lambda faults: enumerate(folders.entries(faults)),
        lambda number, uri: folders.path(os.path.dirname(uri)),
        "null",
        folders.listings,
        folders.ignored,
    )


def _manifest_source(data_root: str, manifest: str) -> Source:
    require_table("data.manifest", manifest)
    if not exists(data_root) or not storage.isdir(data_root):
        raise UserError(f"data.root={data_root!r} is not there; type --data-root DIR, the folder that uris start from")
    return Source(
        manifest,
        lambda faults: read_manifest(manifest, faults),
        lambda number, uri: place_of(manifest, number),
        "leave it empty",
    )


def _batches(numbered: Iterable[tuple[int, VideoEntry]], numbers: "array.array[int]") -> Iterator[list[VideoEntry]]:
    """Yields lists of entries, and appends their numbers to `numbers`."""
    stream = iter(numbered)
    while batch := list(itertools.islice(stream, _ENTRIES_AT_ONCE)):
        numbers.extend(number for number, _ in batch)
        yield [entry for _, entry in batch]


def _twice(uris: pa.Array) -> Iterator[tuple[int, int]]:
    """Yields the rows of uris that are there before, or that look like one before, each with the first such row."""
    encoded = nfc(uris).dictionary_encode()
    code = encoded.indices.to_numpy()
    if len(encoded.dictionary) == len(code):
        return
    _, first, index = np.unique(code, return_index=True, return_inverse=True)
    for row in np.flatnonzero(first[index] != np.arange(len(code))):
        yield int(row), int(first[index][row])
