"""Reads a data set that is folders of videos, each with a metadata.json that lists them."""

import dataclasses
import functools
import json
import os
import posixpath
from collections.abc import Iterator, Mapping
from typing import Final

from components import storage
from components.dataset.entries import EntryError, VideoEntry, name_fault, parse_entry, show
from components.dataset.faults import Faults
from components.dataset.listing import Listing, exists, list_folder
from components.errors import UserError
from components.file_patterns import matching
from components.regular_files import require_regular_file
from components.uris import is_remote, join_uri
from components.video_errors import VideoError

METADATA_FILE: Final = "metadata.json"
_EXAMPLE = '{"a.mp4": {"label": "FAKE", "original": "b.mp4"}}'


@dataclasses.dataclass(frozen=True)
class MetadataFolders:
    """The folders of a data set that have a metadata.json.

    Attributes:
        data_root: as given.
        contents: what each metadata.json holds, by its folder relative to the data root; "" is the root itself.
        listings: what each folder holds.
        ignored: direct subfolders without a metadata.json.
    """

    data_root: str
    contents: Mapping[str, Mapping[str, object]]
    listings: Mapping[str, Listing]
    ignored: tuple[str, ...]

    def entries(self, faults: Faults) -> Iterator[VideoEntry]:
        """Yields the valid entries by their uris, and puts what is wrong with others into `faults`."""
        listed = [
            (posixpath.join(folder, name), folder, name) for folder in self.contents for name in self.contents[folder]
        ]
        for _, folder, name in sorted(listed):
            try:
                yield parse_entry(folder, name, self.contents[folder][name])
            except EntryError as error:
                faults.add(f"{self.path(folder)}: {error}")

    def path(self, folder: str) -> str:
        """Returns the path of a folder's metadata.json."""
        return _metadata_path(self.data_root, folder)


def read_metadata(data_root: str) -> MetadataFolders:
    """Reads every metadata.json of a data set.

    Args:
        data_root: local folder or bucket that holds a metadata.json, or direct subfolders with one each.

    Raises:
        UserError: if there is none, or one is not a JSON object of videos.
    """
    root = _list_root(data_root)
    listings = _dataset_folders(data_root, root)
    return MetadataFolders(
        data_root,
        contents={folder: _read_json(_metadata_path(data_root, folder)) for folder in listings},
        listings=listings,
        ignored=tuple(name for name in _visible(root.folders) if name not in listings),
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


def _metadata_path(data_root: str, folder: str) -> str:
    return join_uri(data_root, posixpath.join(folder, METADATA_FILE))


def _visible(names: tuple[str, ...]) -> Iterator[str]:
    return (name for name in names if not name.startswith("."))
