"""FaceForensics++, with the DeepFakeDetection videos that are delivered with it."""

import collections
import json
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from components import features, storage
from components.dataset.entries import show
from components.errors import UserError
from pipeline.indexing import left_out as why
from pipeline.indexing.layout import Layout, Row, Rows, Told, join_originals, the_only
from pipeline.indexing.left_out import LeftOut, is_video
from pipeline.indexing.tree import Source, places_with, walk

_NAME: Final = "faceforensics"
_EXPECTED: Final = "the folders original_sequences and manipulated_sequences"
_ORIGINAL: Final = "original_sequences"
_MANIPULATED: Final = "manipulated_sequences"
_COMPRESSIONS: Final = ("raw", "c0", "c23", "c40")
_SPLITS: Final = ("train", "val", "test")
_SPLIT_FOLDERS: Final = ("", "splits", "dataset/splits")
_META: Final = ("method", "compression")

# Names without suffix. `ids` are the videos that share footage with this one, target first.
_NUMBER: Final = re.compile(r"(?P<ids>\d{3})")
_PAIR: Final = re.compile(r"(?P<target>\d{3})_(?P<source>\d{3})")
_ACTOR: Final = re.compile(r"(?P<ids>\d{2}__.+)")
_ACTORS: Final = re.compile(r"(?P<target>\d{2})_(?P<source>\d{2})(?P<scene>__.+)__[0-9A-Za-z]+")
_FOLDERS: Final = {
    (_ORIGINAL, "youtube"): ("youtube", _NUMBER),
    (_ORIGINAL, "actors"): ("actors", _ACTOR),
    **{
        (_MANIPULATED, method.lower()): (method, _PAIR)
        for method in ("Deepfakes", "Face2Face", "FaceShifter", "FaceSwap", "NeuralTextures")
    },
    (_MANIPULATED, "deepfakedetection"): ("DeepFakeDetection", _ACTORS),
}


class _Place(NamedTuple):
    """A folder of videos: what its videos are, and how they are named."""

    label: str
    method: str
    compression: str
    names: re.Pattern[str]


def _evidence(source: Source, told: Told) -> Sequence[str]:
    places = places_with(source, folders=(_ORIGINAL, _MANIPULATED))
    return [f"{_ORIGINAL} or {_MANIPULATED} in {place or 'it'}" for place in places]


def _read(source: Source, told: Told, left_out: LeftOut) -> Rows:
    base = the_only(places_with(source, folders=(_ORIGINAL, _MANIPULATED)), source, _NAME, _EXPECTED)
    splits, lists = _official_splits(source, base)
    return Rows(_META, _rows(source, base, splits, lists, left_out))


def _rows(
    source: Source, base: str, splits: Mapping[str, str], lists: frozenset[str], left_out: LeftOut
) -> Iterator[Row]:
    originals = _names_of_originals(source, base)
    for folder in walk(source, left_out):
        place = _place(base, folder.path)
        for name in folder.files:
            uri = folder.uri(name)
            if uri in lists:
                continue
            if place is None or not is_video(name):
                left_out.add_file(uri, why.UNKNOWN_PLACE)
                continue
            ids = _ids(place, name)
            if ids is None:
                left_out.add(uri, why.UNKNOWN_NAME)
                continue
            made_from = [original for each in ids for original in originals.get(each) or [f"{each}.mp4"]]
            yield Row(
                uri,
                place.label,
                original=join_originals(made_from) if place.label == features.FAKE else "",
                split=_split(ids, splits),
                meta={"method": place.method, "compression": place.compression},
            )


def _place(base: str, folder: str) -> _Place | None:
    if base and not folder.startswith(f"{base}/"):
        return None
    parts = [part.lower() for part in folder.removeprefix(base).strip("/").split("/")]
    if parts[3:] not in ([], ["videos"]) or len(parts) < 3 or parts[2] not in _COMPRESSIONS:
        return None
    known = _FOLDERS.get((parts[0], parts[1]))
    if known is None:
        return None
    return _Place(features.REAL if parts[0] == _ORIGINAL else features.FAKE, known[0], parts[2], known[1])


def _ids(place: _Place, name: str) -> list[str] | None:
    """Returns the ids of the originals in a video's name; None if it is not named as in this folder."""
    found = place.names.fullmatch(posixpath.splitext(name)[0])
    if found is None:
        return None
    said = found.groupdict()
    return [said["ids"]] if "ids" in said else [f"{said[who]}{said.get('scene', '')}" for who in ("target", "source")]


def _names_of_originals(source: Source, base: str) -> dict[str, list[str]]:
    """Returns the file names of the originals by id: one, unless their suffixes differ from folder to folder."""
    names: dict[str, set[str]] = collections.defaultdict(set)
    for folder in _original_folders(source, base):
        for each in walk(source, None, below=folder):
            place = _place(base, each.path)
            for name in each.files if place else ():
                if place and is_video(name) and (ids := _ids(place, name)):
                    names[ids[0]].add(name)
    return {each: sorted(found) for each, found in names.items()}


def _original_folders(source: Source, base: str) -> list[str]:
    listing = dict(source.survey)[base]
    return [posixpath.join(base, name) for name in listing.folders if name.lower() == _ORIGINAL]


def _official_splits(source: Source, base: str) -> tuple[dict[str, str], frozenset[str]]:
    """Reads the lists of pairs; returns the split by id, and the uris of the lists."""
    for folder in _SPLIT_FOLDERS:
        uris = {split: posixpath.join(base, folder, f"{split}.json") for split in _SPLITS}
        there = {split: uri for split, uri in uris.items() if storage.exists(source.path(uri))}
        if there:
            break
    else:
        return {}, frozenset()
    splits: dict[str, str] = {}
    for split, uri in there.items():
        for each in _ids_of_pairs(source.path(uri)):
            if splits.setdefault(each, split) != split:
                raise UserError(f"{source.path(uri)}: {each} is in {splits[each]}.json, too; correct one of them")
    return splits, frozenset(there.values())


def _ids_of_pairs(path: str) -> Iterator[str]:
    try:
        pairs = json.loads(storage.read_bytes(path))
    except ValueError as error:
        raise UserError(f"{path}: not JSON ({error}); put the official list of pairs in its place") from error
    for pair in pairs if isinstance(pairs, list) else [pairs]:
        if not isinstance(pair, list) or not all(isinstance(each, str) and _NUMBER.fullmatch(each) for each in pair):
            raise UserError(f'{path}: holds {show(pair)}; it must be a list of pairs of ids, such as ["071", "054"]')
        yield from pair


def _split(ids: Sequence[str], splits: Mapping[str, str]) -> str:
    """Returns the split in which all ids are; empty if they are not all in one."""
    found = {splits.get(each, "") for each in ids}
    return found.pop() if len(found) == 1 else ""


FACEFORENSICS: Final = Layout(_NAME, _EXPECTED, _evidence, _read)
