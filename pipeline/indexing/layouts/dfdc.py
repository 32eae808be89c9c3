"""The Deepfake Detection Challenge: parts, folders of videos that each hold a metadata.json."""

import posixpath
from collections.abc import Iterator, Sequence
from typing import Final

from components.dataset.entries import EntryError, VideoEntry, parse_entry
from components.dataset.metadata import METADATA_FILE
from components.dataset.metadata import _read_json as read_listed
from components.errors import UserError
from components.file_names import match_names
from pipeline.indexing import left_out as why
from pipeline.indexing.layout import BETWEEN_ORIGINALS, Layout, Row, Rows, Told
from pipeline.indexing.left_out import LeftOut
from pipeline.indexing.tree import Source, places_with, walk

_NAME: Final = "dfdc"
_EXPECTED: Final = f"a {METADATA_FILE} in each folder of videos"
_ORIGINAL_UNUSABLE: Final = f"original whose name holds {BETWEEN_ORIGINALS}"


def _evidence(source: Source, told: Told) -> Sequence[str]:
    places = places_with(source, files=(METADATA_FILE,))
    return [f"{METADATA_FILE} in {len(places)} of its folders"] if places else []


def _read(source: Source, told: Told, left_out: LeftOut) -> Rows:
    keys: dict[str, None] = {}
    parts = 0
    for folder in walk(source, None):
        if METADATA_FILE in folder.files:
            parts += 1
            for entry, _ in _entries(source, folder.path):
                keys |= dict.fromkeys(entry.meta)
    if not parts:
        raise UserError(f"{source.root}: is not laid out as {_NAME}, which has {_EXPECTED}; give another --layout")
    return Rows(tuple(keys), _rows(source, left_out))


def _rows(source: Source, left_out: LeftOut) -> Iterator[Row]:
    for folder in walk(source, left_out):
        if METADATA_FILE not in folder.files:
            for name in folder.files:
                left_out.add_file(folder.uri(name), why.UNKNOWN_PLACE)
            continue
        entries = {entry.name: (entry, split) for entry, split in _entries(source, folder.path)}
        names = match_names(entries, folder.files)
        for name in sorted(entries):
            entry, split = entries[name]
            if name not in names:
                left_out.add(entry.uri, why.ABSENT)
            elif BETWEEN_ORIGINALS in (entry.original or ""):
                left_out.add(entry.uri, _ORIGINAL_UNUSABLE)
            else:
                uri = folder.uri(names[name])
                yield Row(uri, entry.label or "", entry.original or "", split=split, meta=entry.meta)
        for name in sorted(set(folder.files) - set(names.values()) - {METADATA_FILE}):
            left_out.add_file(folder.uri(name), why.UNLISTED)


def _entries(source: Source, folder: str) -> list[tuple[VideoEntry, str]]:
    """Reads a part; returns its entries with their official splits."""
    path = source.path(posixpath.join(folder, METADATA_FILE))
    entries, faults = [], []
    for name, fields in read_listed(path).items():
        try:
            entry = parse_entry(folder, name, fields)
        except EntryError as error:
            faults.append(f"{path}: {error}")
            continue
        split = fields.get("split") if isinstance(fields, dict) else None
        entries.append((entry, split if isinstance(split, str) else ""))
    if faults:
        raise UserError(faults[0] + (f" (and {len(faults) - 1} more wrong entries)" if len(faults) > 1 else ""))
    return entries


DFDC: Final = Layout(_NAME, _EXPECTED, _evidence, _read)
