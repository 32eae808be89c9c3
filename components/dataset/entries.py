"""Parses and validates the entries of metadata.json."""

import collections
import dataclasses
import json
import posixpath
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from components import features
from components.file_names import find_alike

LABELS: Final = (features.FAKE, features.REAL)
_STANDARD_KEYS = ("label", "split", "original")
_FORBIDDEN_CATEGORIES = {"Cc": "a control character", "Cs": "half a character", "Zl": "a line end", "Zp": "a line end"}
_SHOWN_CHARACTERS = 80


class EntryError(Exception):
    """An entry is invalid; the message names the key and the value, the caller adds the file."""


@dataclasses.dataclass(frozen=True)
class VideoEntry:
    """One listed video.

    Attributes:
        uri: path relative to the data root, with `/`; also the video's id.
        label: `FAKE` or `REAL`; None if unknown.
        originals: the real videos that a fake was made from, each a bare file name or a path relative to the data root.
        meta: the extra columns of the data set, as text.
        group_id: the group that the data set itself names.
        split: the official split, as the data set names it.
    """

    uri: str
    label: str | None
    originals: tuple[str, ...] = ()
    meta: Mapping[str, str] = dataclasses.field(default_factory=dict)
    group_id: str | None = None
    split: str | None = None

    @property
    def name(self) -> str:
        """The bare file name."""
        return posixpath.basename(self.uri)

    @property
    def folder(self) -> str:
        """The folder relative to the data root, "" for the root itself."""
        return posixpath.dirname(self.uri)


def parse_entry(folder: str, name: str, fields: object) -> VideoEntry:
    """Checks one entry of the metadata.json in `folder` (relative to the data root).

    Raises:
        EntryError: if it is invalid.
    """
    if reason := name_fault(name):
        raise EntryError(f"{show(name)} {reason}; list videos by their plain file names")
    try:
        if not isinstance(fields, dict):
            raise EntryError(f'is {show(fields)}; write an object such as {{"label": "FAKE", "original": "b.mp4"}}')
        meta = {key: text for key, text in map(_meta_item, fields.items()) if text is not None}
        return VideoEntry(
            posixpath.join(folder, name), _label(fields), _originals(name, fields), meta, split=_split(fields)
        )
    except EntryError as error:
        raise EntryError(f"{show(name)}: {error}") from None


def original_faults(entries: Sequence[VideoEntry]) -> Iterator[tuple[VideoEntry, str]]:
    """Finds entries whose original is not an original itself, since then two groups would share footage.

    An original is looked up in the entry's own folder, then in all others; it need not exist.

    Yields:
        The entry and what is wrong with it.
    """
    by_uri = {entry.uri: entry for entry in entries}
    by_name = collections.defaultdict(list)
    for entry in entries:
        by_name[entry.name].append(entry)
    named = [(entry, original) for entry in entries for original in entry.originals]
    own = find_alike((_beside(*pair) for pair in named), by_uri)
    anywhere = find_alike((original for _, original in named), by_name)
    for entry, original in named:
        beside = own.get(_beside(entry, original))
        candidates = [by_uri[beside]] if beside else by_name[anywhere.get(original, "")]
        if not candidates or any(other.label != features.FAKE and not other.originals for other in candidates):
            continue
        other = candidates[0]
        if other is entry:
            fault = "is the video itself; name the real video, or null"
        elif other.label == features.FAKE:
            fault = f"is itself FAKE in {show(other.uri)}; name the real video, or null where it is unknown"
        else:
            fault = f"has an original itself, {show(other.originals[0])}; name that one here"
        yield entry, f"{show(entry.name)}: original {show(original)} {fault}"


def _beside(entry: VideoEntry, original: str) -> str:
    return original if "/" in original else posixpath.join(entry.folder, original)


def name_fault(name: str) -> str | None:
    """Returns why `name` is not a plain file name; None if it is one."""
    if not name:
        return "is empty"
    if name in (".", ".."):
        return "is a folder"
    if "/" in name or "\\" in name:
        return "is a path"
    categories = map(unicodedata.category, name)
    return next((f"holds {_FORBIDDEN_CATEGORIES[it]}" for it in categories if it in _FORBIDDEN_CATEGORIES), None)


def show(value: object) -> str:
    """Returns any value as one short line, with unprintable characters escaped."""
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 3] + "..."


def _label(fields: dict[str, object]) -> str:
    label = fields.get("label")
    if label is None:
        raise EntryError(f"label is missing; add one of {', '.join(LABELS)}")
    meant = str(label).strip().upper()
    if label not in LABELS:
        hint = f"did you mean {meant}? " if meant in LABELS else ""
        raise EntryError(f"label {show(label)} is unknown; {hint}allowed are {', '.join(LABELS)}")
    return meant


def _originals(name: str, fields: dict[str, object]) -> tuple[str, ...]:
    original = fields.get("original")
    if original is None:
        return ()
    if not isinstance(original, str):
        raise EntryError(f"original {show(original)} is not text; write a file name, or null")
    if reason := name_fault(original):
        raise EntryError(f"original {show(original)} {reason}; write a plain file name, or null")
    if original == name:
        raise EntryError(f"original {show(original)} is the video itself; name the real video, or null")
    return (original,)


def _split(fields: dict[str, object]) -> str | None:
    # Anything goes, since only `split.by=column` looks at it.
    split = fields.get("split")
    return None if split is None else str(split).encode(errors="replace").decode()


def _meta_item(item: tuple[str, object]) -> tuple[str, str | None]:
    key, value = item
    if key in _STANDARD_KEYS or value is None:
        return key, None
    if isinstance(value, dict | list):
        raise EntryError(f"{show(key)} is {show(value)}; only text, numbers, true and false are allowed")
    text = value if isinstance(value, str) else json.dumps(value)
    try:
        (key + text).encode()
    except UnicodeEncodeError:
        raise EntryError(f"{show(key)} is {show(value)}, which holds half a character; correct it") from None
    return key, text
