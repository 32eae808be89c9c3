"""FakeAVCeleb, whose meta_data.csv says of each video what is fake in it: the picture, the sound, or both."""

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from components import features
from components.errors import UserError
from components.file_names import nfc
from pipeline.indexing import left_out as why
from pipeline.indexing.layout import Layout, Row, Rows, Told, join_originals, the_only
from pipeline.indexing.left_out import LeftOut, is_video
from pipeline.indexing.table_file import TableFile, open_table
from pipeline.indexing.tree import Source, places_with, walk

_NAME: Final = "fakeavceleb"
_EXPECTED: Final = "meta_data.csv beside folders such as RealVideo-RealAudio"
_LIST: Final = "meta_data.csv"
_UNKNOWN_VALUES: Final = ("", "-")
# The kinds by the letters of the column `category`, with the label of the picture and the kind of the sound.
_KINDS: Final = {
    "a": "realvideo-realaudio",
    "b": "realvideo-fakeaudio",
    "c": "fakevideo-realaudio",
    "d": "fakevideo-fakeaudio",
}
_META: Final = ("sound", "method", "race", "gender", "source", "target1", "target2")
# Methods that put another person's face into the picture; the others move the lips only.
_FACE_SWAPS: Final = ("faceswap", "fsgan")


class _Listed(NamedTuple):
    """A row of the list: where its video is below the base, and what is said of it."""

    path: str
    kind: str
    meta: Mapping[str, str]

    @property
    def identities(self) -> list[str]:
        """The persons whose videos are the footage of this picture."""
        swapped = self.kind.startswith("fake") and any(way in self.meta["method"].lower() for way in _FACE_SWAPS)
        targets = (self.meta["target1"], self.meta["target2"]) if swapped else ()
        return [each for each in (self.meta["source"], *targets) if each]


def _evidence(source: Source, told: Told) -> Sequence[str]:
    return [f"{_LIST} in {place or 'it'}" for place in _places(source)]


def _places(source: Source) -> list[str]:
    kinds = places_with(source, folders=tuple(_KINDS.values()))
    return [place for place in places_with(source, files=(_LIST,)) if place in kinds]


def _read(source: Source, told: Told, left_out: LeftOut) -> Rows:
    base = the_only(_places(source), source, _NAME, _EXPECTED)
    files = dict(source.survey)[base].files
    table = open_table(source.path(posixpath.join(base, next(name for name in files if name.lower() == _LIST))))
    return Rows(_META, _rows(source, base, table, left_out))


def _rows(source: Source, base: str, table: TableFile, left_out: LeftOut) -> Iterator[Row]:
    listed = _listed(table)
    originals = _originals(source, base, listed)
    groups = _groups(listed.values())
    absent = dict.fromkeys(listed)
    for folder in walk(source, left_out):
        for name in folder.files:
            uri = folder.uri(name)
            relative = uri.removeprefix(f"{base}/") if base else uri
            if relative.lower() == _LIST:
                continue
            found = listed.get(_key(relative)) if is_video(name) else None
            if found is None:
                left_out.add_file(uri, why.UNLISTED)
                continue
            absent.pop(_key(relative))
            fake = found.kind.startswith("fake")
            made_from = [originals[who] for who in found.identities if who in originals]
            yield Row(
                uri,
                features.FAKE if fake else features.REAL,
                original=join_originals(made_from) if fake else "",
                group_id=groups[found.meta["source"]],
                meta=found.meta,
            )
    for key in absent:
        left_out.add(posixpath.join(base, listed[key].path), why.ABSENT)


def _originals(source: Source, base: str, listed: Mapping[str, _Listed]) -> dict[str, str]:
    """Returns the uri of each person's real video, if it is there: its bare name may be another person's, too."""
    originals = {}
    for folder in walk(source, None, below=base):
        for name in folder.files:
            uri = folder.uri(name)
            found = listed.get(_key(uri[len(base) :].strip("/")))
            if found and found.kind == _KINDS["a"]:
                originals[found.meta["source"]] = uri
    return originals


def _listed(table: TableFile) -> dict[str, _Listed]:
    """Reads the list, by paths in lower case; some videos are in the published one twice, as made by two methods."""
    found: dict[str, _Listed] = {}
    for number, cells in table.rows():
        row = {name.strip().lower(): cell.strip() for name, cell in cells.items()}
        kind = _kind(table.path, number, row)
        path = _path(table.path, number, row, kind)
        meta = {key: "" if row.get(key, "") in _UNKNOWN_VALUES else row[key] for key in _META}
        # The folder of a video is named after its source.
        meta["source"] = meta["source"] or posixpath.basename(posixpath.dirname(path))
        meta["sound"] = "fake" if kind.endswith("fakeaudio") else "real"
        key = _key(path)
        earlier = found.setdefault(key, _Listed(path, kind, meta))
        methods = sorted({*filter(None, earlier.meta["method"].split("+")), *filter(None, [meta["method"]])})
        found[key] = earlier._replace(meta={**earlier.meta, "method": "+".join(methods)})
    return found


def _key(path: str) -> str:
    return nfc(path).lower()


def _kind(path: str, number: int, row: Mapping[str, str]) -> str:
    by_letter, by_type = _KINDS.get(row.get("category", "").lower()), row.get("type", "").lower()
    kind = by_type if by_type in _KINDS.values() else by_letter
    if kind is None or (by_letter and kind != by_letter):
        raise UserError(
            f"{path}: line {number} has category {row.get('category', '')!r} and type {row.get('type', '')!r}; "
            "put the official list in its place"
        )
    return kind


def _path(path: str, number: int, row: Mapping[str, str], kind: str) -> str:
    """Returns where a video is below the base: the published list has its folder in a column without a name."""
    file = row.get("path", "")
    folders = [cell for name, cell in row.items() if (not name or name.startswith("unnamed")) and "/" in cell]
    usual = [row.get("type", "") or kind, *(row.get(column, "") for column in ("race", "gender", "source"))]
    for folder in ("", *folders, "/".join(usual)):
        parts = [part for part in f"{folder}/{file}".replace("\\", "/").split("/") if part]
        at = next((index for index, part in enumerate(parts) if part.lower() in _KINDS.values()), None)
        if file and at is not None and ".." not in parts:
            if parts[at].lower() == kind:
                return "/".join(parts[at:])
            break
    raise UserError(
        f"{path}: line {number} names the video {file!r}, which is not in a folder of its type, {kind}; put the "
        "official list in its place"
    )


def _groups(listed: Collection[_Listed]) -> dict[str, str]:
    """Returns the group of each person: all whose faces or footage are connected by swaps, by the first of their ids.

    Each person has one real video, so persons stand for footage.
    """
    # Imported late: the other layouts do without.
    import numpy as np
    import scipy.sparse.csgraph

    persons = sorted({each.meta["source"] for each in listed})
    numbers = {person: number for number, person in enumerate(persons)}
    pairs = [
        (numbers[each.meta["source"]], numbers[other])
        for each in listed
        for other in each.identities
        if other in numbers
    ]
    rows, columns = np.array(pairs, np.int64).reshape(-1, 2).T
    graph = scipy.sparse.coo_array((np.ones(len(rows), bool), (rows, columns)), shape=(len(persons),) * 2)
    _, parts = scipy.sparse.csgraph.connected_components(graph, directed=False)
    first = np.unique(parts, return_index=True)[1]
    return {person: persons[first[part]] for person, part in zip(persons, parts, strict=True)}


FAKEAVCELEB: Final = Layout(_NAME, _EXPECTED, _evidence, _read)
