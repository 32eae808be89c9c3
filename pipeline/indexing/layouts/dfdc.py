"""The Deepfake Detection Challenge: parts, folders of videos that each hold a metadata.json."""

from collections.abc import Iterator, Sequence
from typing import Final

from components.dataset.entries import VideoEntry
from components.dataset.faults import Faults
from components.dataset.metadata import METADATA_FILE, read_metadata
from components.errors import UserError
from components.file_names import match_names
from pipeline.indexing import left_out as why
from pipeline.indexing.layout import BETWEEN_ORIGINALS, Layout, Row, Rows, Told, join_originals
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
            for entry in _entries(source, folder.path):
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
        entries = {entry.name: entry for entry in _entries(source, folder.path)}
        names = match_names(entries, folder.files)
        for name, entry in entries.items():
            if name not in names:
                left_out.add(folder.uri(name), why.ABSENT)
            elif any(BETWEEN_ORIGINALS in original for original in entry.originals):
                left_out.add(folder.uri(name), _ORIGINAL_UNUSABLE)
            else:
                yield Row(
                    folder.uri(names[name]),
                    entry.label or "",
                    original=join_originals(entry.originals),
                    split=entry.split or "",
                    meta=entry.meta,
                )
        for name in sorted(set(folder.files) - set(names.values()) - {METADATA_FILE}):
            left_out.add_file(folder.uri(name), why.UNLISTED)


def _entries(source: Source, folder: str) -> list[VideoEntry]:
    """Reads a part; the uris of its entries are relative to it."""
    faults = Faults("entries")
    entries = list(read_metadata(source.path(folder)).entries(faults))
    faults.raise_first()
    return entries


DFDC: Final = Layout(_NAME, _EXPECTED, _evidence, _read)
