"""Celeb-DF, versions 1 and 2."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import Final

from components import features, storage
from components.dataset.entries import show
from components.errors import UserError
from pipeline.indexing import left_out as why
from pipeline.indexing.layout import Layout, Row, Rows, Told, the_only
from pipeline.indexing.left_out import LeftOut, is_video
from pipeline.indexing.tree import Source, places_with, walk

_NAME: Final = "celeb-df"
_EXPECTED: Final = "the folders Celeb-real, Celeb-synthesis and YouTube-real"
_LABELS: Final = {"celeb-real": features.REAL, "youtube-real": features.REAL, "celeb-synthesis": features.FAKE}
_LIST: Final = "list_of_testing_videos.txt"
_LISTED_LABELS: Final = {"1": features.REAL, "0": features.FAKE}
_META: Final = ("identity", "donor")

_NAMES: Final = {
    "celeb-real": re.compile(r"(?P<identity>id\d+)_(?P<take>\d+)"),
    "youtube-real": re.compile(r"\d+"),
    "celeb-synthesis": re.compile(r"(?P<identity>id\d+)_(?P<donor>id\d+)_(?P<take>\d+)"),
}

# Folder in lower case and name without suffix.
_Key = tuple[str, str]


def _evidence(source: Source, told: Told) -> Sequence[str]:
    places = places_with(source, folders=_LABELS)
    return [f"Celeb-real, Celeb-synthesis or YouTube-real in {place or 'it'}" for place in places]


def _read(source: Source, told: Told, left_out: LeftOut) -> Rows:
    base = the_only(places_with(source, folders=_LABELS), source, _NAME, _EXPECTED)
    listing = dict(source.survey)[base]
    lists = [posixpath.join(base, name) for name in sorted(listing.files) if name.lower() == _LIST]
    tested = _tested_videos(source, lists[0]) if lists else {}
    return Rows(_META, _rows(source, base, lists[:1], tested, left_out))


def _rows(source: Source, base: str, lists: Sequence[str], tested: dict[_Key, str], left_out: LeftOut) -> Iterator[Row]:
    originals = _names_of_originals(source, base)
    absent = dict(tested)
    for folder in walk(source, left_out):
        kind = _kind(base, folder.path)
        for name in folder.files:
            uri = folder.uri(name)
            if uri in lists:
                continue
            if not kind or not is_video(name):
                left_out.add_file(uri, why.UNKNOWN_PLACE)
                continue
            stem = posixpath.splitext(name)[0]
            found = _NAMES[kind].fullmatch(stem)
            if found is None:
                left_out.add(uri, why.UNKNOWN_NAME)
                continue
            said = found.groupdict()
            absent.pop((kind, stem), None)
            original = f"{said.get('identity')}_{said.get('take')}"
            yield Row(
                uri,
                _LABELS[kind],
                original=originals.get(original, f"{original}.mp4") if "donor" in said else "",
                split="" if not lists else "test" if (kind, stem) in tested else "train",
                meta={key: said[key] for key in _META if key in said},
            )
    for listed in absent.values():
        left_out.add(listed, why.ABSENT)


def _kind(base: str, folder: str) -> str:
    """Returns which of the three folders this is, in lower case; empty if none of them."""
    if base and not folder.startswith(f"{base}/"):
        return ""
    first, *further = [part.lower() for part in folder.removeprefix(base).strip("/").split("/")]
    return first if first in _LABELS and further in ([], ["videos"]) else ""


def _names_of_originals(source: Source, base: str) -> dict[str, str]:
    """Returns the file names of the videos in Celeb-real, by the names without suffix."""
    folders = [name for name in dict(source.survey)[base].folders if name.lower() == "celeb-real"]
    return {
        posixpath.splitext(name)[0]: name
        for below in folders
        for folder in walk(source, None, below=posixpath.join(base, below))
        if _kind(base, folder.path)
        for name in folder.files
        if is_video(name)
    }


def _tested_videos(source: Source, uri: str) -> dict[_Key, str]:
    """Reads the list of testing videos, in which 1 means real; returns each as it is written, by its key.

    Raises:
        UserError: if a line is none of the list's, or contradicts the folder.
    """
    path = source.path(uri)
    tested = {}
    try:
        lines = storage.read_bytes(path).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: byte {error.start} is not UTF-8; put the official list in its place") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        sign, _, listed = line.strip().partition(" ")
        folder, _, name = listed.strip().partition("/")
        kind = folder.lower()
        if sign not in _LISTED_LABELS or kind not in _LABELS or not name:
            raise UserError(
                f"{path}: line {number} is {show(line)}; a line is like 1 YouTube-real/00170.mp4, where 1 means real"
            )
        if _LISTED_LABELS[sign] != _LABELS[kind]:
            raise UserError(
                f"{path}: line {number}, {show(line)}, says {_LISTED_LABELS[sign]}, since 1 means real, of a video in "
                f"{folder}; put the official list in its place"
            )
        tested[kind, posixpath.splitext(posixpath.basename(name))[0]] = listed.strip()
    return tested


CELEB_DF: Final = Layout(_NAME, _EXPECTED, _evidence, _read)
