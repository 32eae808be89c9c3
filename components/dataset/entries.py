"""Parses and validates the entries of metadata.json."""

import dataclasses
import json
import posixpath
import unicodedata
from collections.abc import Mapping
from typing import Final

from components import features

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
        further = {key: value for key, value in fields.items() if key not in _STANDARD_KEYS and value is not None}
        meta = {key: meta_text(key, value) for key, value in further.items()}
        return VideoEntry(
            posixpath.join(folder, name), label_of(fields), _originals(name, fields), meta, split=_split(fields)
        )
    except EntryError as error:
        raise EntryError(f"{show(name)}: {error}") from None


def name_fault(name: str) -> str | None:
    """Returns why `name` is not a plain file name; None if it is one."""
    if not name:
        return "is empty"
    if name in (".", ".."):
        return "is a folder"
    if "/" in name or "\\" in name:
        return "is a path"
    if name.isascii() and name.isprintable():
        return None
    categories = map(unicodedata.category, name)
    return next((f"holds {_FORBIDDEN_CATEGORIES[it]}" for it in categories if it in _FORBIDDEN_CATEGORIES), None)


def label_of(fields: Mapping[str, object]) -> str:
    """Returns the label of an entry.

    Raises:
        EntryError: if it is missing, or not one of `LABELS`.
    """
    label = fields.get("label")
    if label is None:
        raise EntryError(f"label is missing; add one of {', '.join(LABELS)}")
    if isinstance(label, str) and label in LABELS:
        return label
    meant = str(label).strip().upper()
    hint = f"did you mean {meant}? " if meant in LABELS else ""
    raise EntryError(f"label {show(label)} is unknown; {hint}allowed are {', '.join(LABELS)}")


def meta_text(key: str, value: object) -> str:
    """Returns the value of a further column as text.

    Raises:
        EntryError: if it is a list or an object, or not encodable.
    """
    if isinstance(value, dict | list):
        raise EntryError(f"{show(key)} is {show(value)}; only text, numbers, true and false are allowed")
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    try:
        (key + text).encode()
    except UnicodeEncodeError:
        raise EntryError(f"{show(key)} is {show(value)}, which holds half a character; correct it") from None
    return text


def show(value: object) -> str:
    """Returns any value as one short line, with unprintable characters escaped."""
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 3] + "..."


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
