"""What every layout is: how a data set lies on disk, and how the rows of its manifest follow from that."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from components.errors import UserError
from pipeline.indexing.left_out import LeftOut
from pipeline.indexing.tree import Source

BETWEEN_ORIGINALS: Final = ";"


@dataclasses.dataclass(frozen=True)
class Row:
    """One video of a manifest; empty text is unknown.

    Attributes:
        uri: path relative to the source, with `/`.
        label: `FAKE` or `REAL`.
        original: bare names or uris of the videos whose footage it shares, separated by `;`.
        group_id: what keeps videos together, where names of originals do not tell.
        split: the official split, in the words of the data set.
        meta: further columns.
    """

    uri: str
    label: str
    original: str = ""
    group_id: str = ""
    split: str = ""
    meta: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Rows:
    """The rows of a manifest, which are found while they are asked for, and the names of their further columns."""

    meta: Sequence[str]
    rows: Iterator[Row]


@dataclasses.dataclass(frozen=True)
class Told:
    """What the user says of a table's columns and of labels; empty where nothing is said.

    Attributes:
        table: the file that lists the videos.
        path_column: its column with the paths.
        label_column: its column with the labels.
        group_column: its column with what keeps videos together.
        split_column: its column with the official split.
        original_column: its column with the video that a fake was made from.
        fake_values: labels, or names of folders, that mean fake.
        real_values: those that mean real.
    """

    table: str = ""
    path_column: str = ""
    label_column: str = ""
    group_column: str = ""
    split_column: str = ""
    original_column: str = ""
    fake_values: tuple[str, ...] = ()
    real_values: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, str]:
        """What is said of a table alone, by option."""
        said = {
            "--table": self.table,
            "--path-column": self.path_column,
            "--label-column": self.label_column,
            "--group-column": self.group_column,
            "--split-column": self.split_column,
            "--original-column": self.original_column,
        }
        return {option: value for option, value in said.items() if value}


@dataclasses.dataclass(frozen=True)
class Layout:
    """One way in which data sets lie on disk.

    Attributes:
        name: what the user types.
        expected: what must be there, for messages.
        evidence: returns what speaks for this layout, in words, one text for each place where it is; cheap.
        read: returns the rows, and tells what is left out. It raises a `UserError` if the layout is not there.
    """

    name: str
    expected: str
    evidence: Callable[[Source, Told], Sequence[str]]
    read: Callable[[Source, Told, LeftOut], Rows]


def join_originals(names: Sequence[str]) -> str:
    """Returns the cell for a video that shares footage with these.

    Raises:
        ValueError: if a name holds what separates them.
    """
    if any(BETWEEN_ORIGINALS in name for name in names):
        raise ValueError(f"{names!r}: a manifest separates originals by {BETWEEN_ORIGINALS}")
    return BETWEEN_ORIGINALS.join(dict.fromkeys(names))


def the_only(places: Sequence[str], source: Source, layout: str, expected: str) -> str:
    """Returns the folder, relative to the source, in which a layout begins.

    Raises:
        UserError: if there is none, or more than one.
    """
    if not places:
        raise UserError(f"{source.root}: is not laid out as {layout}, which has {expected}; give another --layout")
    if len(places) > 1:
        shown = ", ".join(repr(place or ".") for place in places[:3])
        raise UserError(f"{source.root}: holds {layout} {len(places)} times, in {shown}; give one of these folders")
    return places[0]
