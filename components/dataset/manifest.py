"""Reads a manifest: a table with one row a video, whatever the folders look like."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from components.dataset.entries import EntryError, VideoEntry, label_of, meta_text, name_fault, show
from components.dataset.faults import Faults
from components.dataset.tables import place_of, read_rows

URI: Final = "uri"
LABEL: Final = "label"
ORIGINAL: Final = "original"
GROUP_ID: Final = "group_id"
SPLIT: Final = "split"
META: Final = "meta/"
"""Columns of a manifest; every other one, with or without the prefix, describes the video further."""

_OWN = (URI, LABEL, ORIGINAL, GROUP_ID, SPLIT)
_SEVERAL = ";"
_ROOTED = re.compile(r"^(/|[A-Za-z][A-Za-z0-9+.-]*://|[A-Za-z]:[/\\])")


def read_manifest(path: str, faults: Faults) -> Iterator[tuple[int, VideoEntry]]:
    """Yields the number and the entry of each valid row, and puts the others into `faults`.

    Args:
        path: local file or uri in a bucket.
        faults: receives what is wrong with rows.

    Raises:
        UserError: if it is not a table, or lacks the columns `uri` and `label`.
    """
    for number, cells in read_rows(path, (URI, LABEL)):
        try:
            yield number, entry_of(cells)
        except EntryError as error:
            faults.add(f"{place_of(path, number)}: {error}")


def entry_of(cells: Mapping[str, Any]) -> VideoEntry:
    """Checks one row; an empty cell is an unknown value.

    Raises:
        EntryError: naming the column and the value.
    """
    known = {name: value for name, value in cells.items() if not (value is None or value == "" or value != value)}
    uri = _uri(known.get(URI))
    try:
        return VideoEntry(
            uri,
            label_of(known),
            _originals(uri, known.get(ORIGINAL)),
            _meta(known),
            group_id=_text(GROUP_ID, known),
            split=_text(SPLIT, known),
        )
    except EntryError as error:
        raise EntryError(f"{show(uri)}: {error}") from None


def path_fault(path: str) -> str | None:
    """Returns why a text is not a path below the data root; None if it is one."""
    if "\\" in path:
        return "holds \\; write / between folders"
    if _ROOTED.match(path):
        return "does not start at data.root; write the path below it"
    for name in path.split("/"):
        if reason := name_fault(name):
            part = "" if name == path else f"has a part {show(name)} that "
            return f"{part}{reason}; write the path below data.root"
    return None


def _uri(value: Any) -> str:
    if value is None:
        raise EntryError(f"{URI} is missing; write the path below data.root")
    if not isinstance(value, str):
        raise EntryError(f"{URI} {show(value)} is not text; write the path below data.root")
    if reason := path_fault(value):
        raise EntryError(f"{URI} {show(value)} {reason}")
    return value


def _originals(uri: str, value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    names = value if isinstance(value, list) else str(value).split(_SEVERAL)
    for name in names:
        if not isinstance(name, str) or (isinstance(value, int | float | bool | dict)):
            raise EntryError(f"{ORIGINAL} {show(value)} is not text; write a file name or a path below data.root")
        if reason := path_fault(name):
            raise EntryError(f"{ORIGINAL} {show(name)} {reason}, or leave it empty")
        if len(names) > 1 and name != name.strip():
            raise EntryError(f"{ORIGINAL} {show(value)} has blanks beside {_SEVERAL}; write none there")
        if name in (uri, uri.rpartition("/")[2]):
            raise EntryError(f"{ORIGINAL} {show(name)} is the video itself; write the real video's path, or nothing")
    return tuple(names)


def _meta(known: Mapping[str, Any]) -> dict[str, str]:
    meta: dict[str, str] = {}
    for name, value in known.items():
        if name in _OWN:
            continue
        key = name.removeprefix(META)
        if not key:
            raise EntryError(f"column {show(name)} has no name after {META}; name it, or remove it")
        if key in meta:
            raise EntryError(f"columns {show(key)} and {show(META + key)} mean the same; remove one")
        meta[key] = meta_text(name, value)
    return meta


def _text(name: str, known: Mapping[str, Any]) -> str | None:
    return meta_text(name, known[name]) if name in known else None
