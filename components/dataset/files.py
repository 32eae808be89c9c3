"""Finds the files of the listed videos."""

import dataclasses
import os
import posixpath
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from components import storage
from components.dataset.entries import show
from components.dataset.listing import Listing, list_folder
from components.dataset.splitting.columns import TEXT
from components.dataset.splitting.texts import file_names, folders, mask, rows_of
from components.file_names import match_names, nfc
from components.regular_files import require_regular_file
from components.uris import is_remote, join_uri
from components.video_errors import VideoError

VIDEO_SUFFIXES: Final = (".avi", ".flv", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".webm", ".wmv")


@dataclasses.dataclass(frozen=True)
class FoundFiles:
    """The files of n listed videos.

    Attributes:
        uri: text [n], as the files are called, where a name is listed in another Unicode form.
        is_there: bool [n].
        unlisted: uris of files in the same folders that look like videos and are not listed, sorted.
        faults: rows whose file must not be read, and why.
    """

    uri: pa.Array
    is_there: np.ndarray
    unlisted: tuple[str, ...]
    faults: list[tuple[int, str]]


def find_files(data_root: str, uris: pa.Array, known: Mapping[str, Listing]) -> FoundFiles:
    """Looks for each listed video, one folder after the other.

    Args:
        data_root: folder or bucket that the uris are relative to.
        uris: text [n].
        known: folders, relative to the root, that have been listed already.

    Raises:
        UserError: if a folder cannot be listed.
    """
    is_there = np.zeros(len(uris), bool)
    renamed: dict[int, str] = {}
    unlisted: list[str] = []
    faults: list[tuple[int, str]] = []
    for folder, rows in _by_folder(uris, known):
        listing = known.get(folder) or _list(data_root, folder)
        names = file_names(uris.take(pa.array(rows)))
        files = pa.array(listing.files, TEXT)
        found = mask(pc.is_in(names, value_set=files))
        is_there[rows[found]] = True
        extra = files.filter(pc.invert(pc.is_in(files, value_set=names))) if len(files) else files
        alike = _alike(names.filter(pa.array(~found)), extra)
        for row, name in zip(rows[~found][list(alike)], alike.values(), strict=True):
            is_there[row] = True
            renamed[int(row)] = posixpath.join(folder, name)
        left = sorted(set(filter(_looks_like_video, extra.to_pylist())) - set(alike.values()))
        unlisted += [posixpath.join(folder, name) for name in left]
        faults += [
            (int(row), fault)
            for row, name in _odd(names, rows, renamed, listing)
            if (fault := _fault(data_root, folder, name, listing))
        ]
    return FoundFiles(_with(uris, renamed), is_there, tuple(sorted(unlisted)), sorted(faults))


def _by_folder(uris: pa.Array, known: Mapping[str, Listing]) -> Iterator[tuple[str, np.ndarray]]:
    encoded = folders(uris).dictionary_encode()
    code = encoded.indices.to_numpy()
    order = np.argsort(code, kind="stable")
    names = encoded.dictionary.to_pylist()
    yield from zip(names, np.split(order, np.searchsorted(code[order], np.arange(1, len(names)))), strict=False)
    for folder in known.keys() - set(names):
        yield folder, np.empty(0, np.int64)


def _list(data_root: str, folder: str) -> Listing:
    place = join_uri(data_root, folder) if folder else data_root
    return list_folder(place) if storage.isdir(place) else Listing(frozenset(), (), frozenset())


def _alike(names: pa.Array, files: pa.Array) -> dict[int, str]:
    """Maps the index of each name to the only file that looks alike, among names and files that are none of the other."""
    if not len(names) or not len(files) or (pc.all(pc.string_is_ascii(names)).as_py() and _ascii(files)):
        return {}
    asking, there = names.to_pylist(), files.to_pylist()
    index = {name: position for position, name in enumerate(asking)}
    looks = {nfc(name) for name in (*asking, *there) if not name.isascii()}
    found = match_names([name for name in asking if nfc(name) in looks], [name for name in there if nfc(name) in looks])
    return {index[name]: file for name, file in found.items()}


def _ascii(names: pa.Array) -> bool:
    return pc.all(pc.string_is_ascii(names)).as_py()


def _odd(names: pa.Array, rows: np.ndarray, renamed: Mapping[int, str], listing: Listing) -> Iterator[tuple[int, str]]:
    """Yields the rows, and the files, of listed links and of what is no file."""
    odd = [*listing.links, *listing.special]
    if not odd:
        return
    found = rows_of(names, pa.array(odd, TEXT))
    for row, index in zip(rows[found >= 0], found[found >= 0], strict=True):
        yield row, odd[index]
    for row in rows.tolist():
        if row in renamed and (name := posixpath.basename(renamed[row])) in listing.links:
            yield row, name


def _fault(data_root: str, folder: str, name: str, listing: Listing) -> str | None:
    try:
        if name in listing.special:
            require_regular_file(join_uri(data_root, posixpath.join(folder, name)))
    except VideoError as error:
        return f"{show(name)} is {error.detail}; put the video in its place, or unlist it"
    if is_remote(data_root) or name not in listing.links:
        return None
    home = os.path.realpath(join_uri(data_root, folder))
    target = os.path.realpath(os.path.join(home, name))
    if target.startswith(os.path.join(home, "")):
        return None
    return f"{show(name)} is a link to {show(target)}, outside its folder; copy the video there instead"


def _with(uris: pa.Array, renamed: Mapping[int, str]) -> pa.Array:
    if not renamed:
        return uris
    changed = np.zeros(len(uris), bool)
    changed[list(renamed)] = True
    return pc.replace_with_mask(uris, pa.array(changed), pa.array([renamed[row] for row in sorted(renamed)], TEXT))


def _looks_like_video(name: str) -> bool:
    return name.lower().endswith(VIDEO_SUFFIXES) and not name.startswith(".")
