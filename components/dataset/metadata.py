"""Reads and validates a data set: folders of videos, each with a metadata.json that lists them."""

import dataclasses
import functools
import json
import os
import posixpath
from collections.abc import Iterator
from typing import Final

from components import storage
from components.dataset.entries import EntryError, VideoEntry, name_fault, original_faults, parse_entry, show
from components.dataset.listing import Listing, exists, list_folder
from components.errors import UserError
from components.file_names import match_names
from components.file_patterns import matching
from components.regular_files import require_regular_file
from components.uris import is_remote, join_uri
from components.video_errors import VideoError

__all__ = ["METADATA_FILE", "VIDEO_SUFFIXES", "Dataset", "VideoEntry", "read_dataset"]

METADATA_FILE: Final = "metadata.json"
VIDEO_SUFFIXES: Final = (".avi", ".flv", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".webm", ".wmv")
_EXAMPLE = '{"a.mp4": {"label": "FAKE", "original": "b.mp4"}}'


@dataclasses.dataclass(frozen=True)
class Dataset:
    """What metadata.json lists, and which files exist.

    Attributes:
        data_root: as given.
        folders: folders with a metadata.json, relative to the data root; "" is the root itself.
        ignored_folders: direct subfolders without one.
        entries: sorted by uri.
        missing: uris that are listed but do not exist.
        unlisted: uris of files that look like videos and are not listed.
    """

    data_root: str
    folders: tuple[str, ...]
    ignored_folders: tuple[str, ...]
    entries: tuple[VideoEntry, ...]
    missing: tuple[str, ...]
    unlisted: tuple[str, ...]

    @property
    def pattern(self) -> str:
        """The glob, relative to the data root, that all files of the data set match."""
        return "*" if self.folders == ("",) else "*/*"

    @property
    def present(self) -> tuple[VideoEntry, ...]:
        """The entries whose video exists."""
        missing = set(self.missing)
        return tuple(entry for entry in self.entries if entry.uri not in missing)


def read_dataset(data_root: str) -> Dataset:
    """Reads every metadata.json of a data set and checks it against the files.

    Args:
        data_root: local folder or bucket that holds a metadata.json, or direct subfolders with one each.

    Raises:
        UserError: naming the file, the first invalid entry and how many more there are.
    """
    root = _list_root(data_root)
    listings = _dataset_folders(data_root, root)
    entries, faults = [], []
    for folder, listing in listings.items():
        path = _metadata_path(data_root, folder)
        content = _read_json(path)
        on_disk = match_names(content, listing.files)
        for name, fields in content.items():
            try:
                entry, file = parse_entry(folder, name, fields), on_disk.get(name, name)
                entries.append(dataclasses.replace(entry, uri=posixpath.join(folder, file)))
                _refuse_link_outwards(data_root, folder, file, listing)
                _refuse_special_file(data_root, folder, file, listing)
            except EntryError as error:
                faults.append(f"{path}: {error}")
    for entry, fault in original_faults(entries):
        faults.append(f"{_metadata_path(data_root, entry.folder)}: {fault}")
    if faults:
        raise UserError(faults[0] + (f" (and {len(faults) - 1} more wrong entries)" if len(faults) > 1 else ""))
    listed = {entry.uri for entry in entries}
    found = {posixpath.join(folder, name) for folder, listing in listings.items() for name in listing.files}
    return Dataset(
        data_root=data_root,
        folders=tuple(listings),
        ignored_folders=tuple(name for name in _visible(root.folders) if name not in listings),
        entries=tuple(sorted(entries, key=lambda entry: entry.uri)),
        missing=tuple(sorted(listed - found)),
        unlisted=tuple(sorted(uri for uri in found - listed if _looks_like_video(uri))),
    )


def _list_root(data_root: str) -> Listing:
    if not storage.isdir(data_root):
        if exists(data_root):
            raise UserError(f"{data_root}: is a file; give the folder instead: {os.path.dirname(data_root) or '.'}")
        raise UserError(f"{data_root!r} is not there; check the path, it is the folder that holds {METADATA_FILE}")
    listing = list_folder(data_root)
    if not listing.files and not listing.folders:
        raise UserError(f"{data_root}: is empty; put the videos and their {METADATA_FILE} there, or correct the path")
    return listing


def _dataset_folders(data_root: str, root: Listing) -> dict[str, Listing]:
    parts = [name for name in _visible(root.folders) if exists(_metadata_path(data_root, name))]
    if METADATA_FILE in root.files:
        if parts:
            raise UserError(
                f"{data_root}: holds {METADATA_FILE} and so does its folder {show(parts[0])}; "
                "remove one of them, or give the folder that is meant"
            )
        return {"": root}
    if not parts:
        raise UserError(f"{data_root}: no {METADATA_FILE} in it or in its folders; {_way_out(data_root, root)}")
    for name in parts:
        if reason := name_fault(name):
            raise UserError(f"{data_root}: the folder name {show(name)} {reason}; rename it")
    return {name: list_folder(join_uri(data_root, name)) for name in parts}


def _way_out(data_root: str, root: Listing) -> str:
    for folder in _visible(root.folders):
        deeper = matching(join_uri(data_root, folder), f"*/{METADATA_FILE}")
        if deeper:
            return f"there is one further down: give {join_uri(data_root, folder)}"
    candidates = sorted(name for name in root.files if name.endswith(".json"))
    if candidates:
        return f"if {show(candidates[0])} is meant, rename it to {METADATA_FILE}"
    return f"write one that lists the videos: {_EXAMPLE}"


def _read_json(path: str) -> dict[str, object]:
    try:
        if not is_remote(path):
            require_regular_file(path)
        # Editors on Windows put a byte order mark first.
        text = storage.read_bytes(path).decode("utf-8-sig")
        content = json.loads(text, object_pairs_hook=functools.partial(_unique_keys, path))
    except VideoError as error:
        raise UserError(f"{path}: {error.detail}; put a list of the videos in its place") from error
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); correct its permissions") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UserError(f"{path}: not JSON at {where} ({error.msg}); correct the file there") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: not usable JSON ({error}); correct the file") from error
    if not isinstance(content, dict):
        raise UserError(f"{path}: holds {show(content)}; write an object that lists the videos: {_EXAMPLE}")
    if not content:
        raise UserError(f"{path}: lists no videos; list them: {_EXAMPLE}")
    return content


def _unique_keys(path: str, pairs: list[tuple[str, object]]) -> dict[str, object]:
    content: dict[str, object] = {}
    for key, value in pairs:
        if key in content:
            raise UserError(f"{path}: {show(key)} is there twice, as {show(content[key])} and {show(value)}; keep one")
        content[key] = value
    return content


def _refuse_link_outwards(data_root: str, folder: str, name: str, listing: Listing) -> None:
    if is_remote(data_root) or name not in listing.links:
        return
    home = os.path.realpath(join_uri(data_root, folder))
    target = os.path.realpath(os.path.join(home, name))
    if not target.startswith(os.path.join(home, "")):
        raise EntryError(f"{show(name)} is a link to {show(target)}, outside its folder; copy the video there instead")


def _refuse_special_file(data_root: str, folder: str, name: str, listing: Listing) -> None:
    if name in listing.special:
        try:
            require_regular_file(join_uri(data_root, posixpath.join(folder, name)))
        except VideoError as error:
            raise EntryError(f"{show(name)} is {error.detail}; put the video in its place, or unlist it") from error


def _metadata_path(data_root: str, folder: str) -> str:
    return join_uri(data_root, posixpath.join(folder, METADATA_FILE))


def _visible(names: tuple[str, ...]) -> Iterator[str]:
    return (name for name in names if not name.startswith("."))


def _looks_like_video(uri: str) -> bool:
    return uri.lower().endswith(VIDEO_SUFFIXES) and not posixpath.basename(uri).startswith(".")
