"""Folders named after what is in them, such as real/ and fake/, at any depth."""

from collections.abc import Iterator, Sequence
from typing import Final

from components.errors import UserError
from components.features import FAKE, REAL
from pipeline.indexing import left_out as why
from pipeline.indexing.label_words import label_of_words, require_told_once, split_words, told_label
from pipeline.indexing.layout import Layout, Row, Rows, Told
from pipeline.indexing.left_out import LeftOut, is_video
from pipeline.indexing.tree import Source, walk

_NAME: Final = "folders"
_EXPECTED: Final = "folders with names such as real and fake"
_BOTH: Final = "video below a folder of real and one of fake videos"


def _evidence(source: Source, told: Told) -> Sequence[str]:
    first: dict[str, str] = {}
    for folder in walk(source, None):
        labels = _labels(folder.path, told)
        if len(labels) == 1 and any(map(is_video, folder.files)):
            first.setdefault(labels.pop(), folder.path)
        if len(first) == 2:
            return [f"{first[REAL]} and {first[FAKE]}"]
    return []


def _read(source: Source, told: Told, left_out: LeftOut) -> Rows:
    require_told_once(told)
    return Rows((), _rows(source, told, left_out))


def _rows(source: Source, told: Told, left_out: LeftOut) -> Iterator[Row]:
    named: set[str] = set()
    for folder in walk(source, left_out):
        labels = _labels(folder.path, told)
        named |= labels
        splits = split_words(folder.path)
        for name in folder.files:
            uri = folder.uri(name)
            if not is_video(name) or len(labels) != 1:
                left_out.add_file(uri, _BOTH if labels else why.UNKNOWN_PLACE)
            else:
                yield Row(uri, next(iter(labels)), split=next(iter(splits)) if len(splits) == 1 else "")
    if not named:
        raise UserError(
            f"{source.root}: is not laid out as {_NAME}, which has {_EXPECTED}; name those that are here by "
            "--fake-values and --real-values, or give another --layout"
        )


def _labels(path: str, told: Told) -> set[str]:
    """Returns the labels that the folders of a path say."""
    said = {told_label(part, told) or label_of_words(part) for part in path.split("/")}
    return said - {""}


FOLDERS: Final = Layout(_NAME, _EXPECTED, _evidence, _read)
