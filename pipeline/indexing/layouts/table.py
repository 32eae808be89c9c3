"""Any table that lists the videos, with columns that the user names."""

import collections
import os
import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from components.dataset.entries import show
from components.errors import UserError
from components.file_names import nfc
from components.uris import is_remote, join_uri
from pipeline.indexing import left_out as why
from pipeline.indexing.label_words import labels_of_values, means_unknown
from pipeline.indexing.layout import BETWEEN_ORIGINALS, Layout, Row, Rows, Told, join_originals
from pipeline.indexing.left_out import LeftOut
from pipeline.indexing.table_file import TableFile, is_table, open_table
from pipeline.indexing.tree import Source, absolute, walk

_NAME: Final = "table"
_EXPECTED: Final = "one table beside the videos, or one that --table names"
_USUAL: Final = {
    "--path-column": ("uri", "path", "file", "filename", "file_name", "filepath", "file_path", "video", "video_path"),
    "--label-column": ("label", "labels", "class", "target"),
}
_UNLABELLED: Final = "in the list, but without a label"
_TWICE: Final = "in the list twice, saying the same"
_OUTSIDE: Final = "in the list, but outside the folder"
_MOST_LABELS: Final = 1000


def _evidence(source: Source, told: Told) -> Sequence[str]:
    return [f"{option} {value}" for option, value in list(told.columns.items())[:1]]


def _read(source: Source, told: Told, left_out: LeftOut) -> Rows:
    table = open_table(told.table or _only_table(source))
    path_column = _column(table, "--path-column", told.path_column)
    label_column = _column(table, "--label-column", told.label_column)
    further = {
        "group_id": ("--group-column", told.group_column),
        "split": ("--split-column", told.split_column),
        "original": ("--original-column", told.original_column),
    }
    cells = {key: _column(table, option, name) for key, (option, name) in further.items() if name}
    counts = _count_values(table, label_column)
    labels = labels_of_values(counts, told, f"{table.path}: the column {label_column!r}")
    named = {path_column, label_column, *cells.values()}
    meta = {name.removeprefix("meta/"): name for name in table.columns if name and name not in named}
    rows = _rows(source, table, (path_column, label_column), labels, cells, meta, left_out)
    return Rows(tuple(meta), rows)


def _rows(
    source: Source,
    table: TableFile,
    columns: tuple[str, str],
    labels: Mapping[str, str],
    cells: Mapping[str, str],
    meta: Mapping[str, str],
    left_out: LeftOut,
) -> Iterator[Row]:
    # What is not in the list is told at the end, when it is known.
    there = {folder.uri(name) for folder in walk(source, left_out) for name in folder.files}
    place = _Places(source, table.path, there)
    seen: dict[str, int] = {}
    for number, row in table.rows():
        path, label = row[columns[0]], labels[row[columns[1]]]
        uri = place.find(path)
        if uri not in there:
            left_out.add(path, why.ABSENT if uri else _OUTSIDE)
            continue
        said = {key: "" if means_unknown(row[column]) else row[column] for key, column in cells.items()}
        digest = hash((label, *said.values()))
        if uri in seen:
            if seen[uri] != digest:
                raise UserError(f"{table.path}: line {number} lists {show(path)} again and says other things; keep one")
            left_out.add(uri, _TWICE)
            continue
        seen[uri] = digest
        if not label:
            left_out.add(uri, _UNLABELLED)
            continue
        said |= {"original": place.find_original(said.get("original", ""))}
        yield Row(uri, label, meta={key: row[name] for key, name in meta.items()}, **said)
    for uri in sorted(there - seen.keys()):
        if absolute(source.path(uri)) != absolute(table.path):
            left_out.add_file(uri, why.UNLISTED)


class _Places:
    """Finds what a table's paths mean: relative to the source, to the table, to the working folder, or absolute."""

    def __init__(self, source: Source, table: str, there: Collection[str]) -> None:
        self._root = source.root
        self._bases = [source.root]
        if not is_remote(source.root):
            self._bases += [os.curdir if is_remote(table) else os.path.dirname(table), os.curdir]
        self._there = there
        self._by_look = {nfc(uri): uri for uri in there if not uri.isascii()}

    def find(self, path: str) -> str:
        """Returns the uri of what is there, else the first that the path may mean; empty outside the source."""
        if path in self._there:
            return path
        uris = [uri for base in self._bases if (uri := _relative(path.replace("\\", "/"), base, self._root))]
        found = (uri if uri in self._there else self._by_look.get(nfc(uri)) for uri in uris)
        return next(filter(None, found), uris[0] if uris else "")

    def find_original(self, text: str) -> str:
        """Returns the cell of a manifest for one that names originals; bare names remain."""
        names = [name.strip() for name in text.split(BETWEEN_ORIGINALS) if name.strip()]
        found = [self.find(name) if "/" in name or "\\" in name else name for name in names]
        return join_originals([name for name in found if name])


def _relative(path: str, base: str, root: str) -> str:
    """Returns a path relative to the root; empty if it is not below it."""
    if is_remote(root):
        whole = path if is_remote(path) else join_uri(base, posixpath.normpath(path))
        start = join_uri(root, "")
        return whole[len(start) :] if whole.startswith(start) and ".." not in whole.split("/") else ""
    if not path or is_remote(path):
        return ""
    relative = os.path.relpath(os.path.join(base, path), root)
    return "" if relative == os.curdir or relative.split("/")[0] == os.pardir else relative


def _column(table: TableFile, option: str, told: str) -> str:
    if told:
        if told not in table.columns:
            raise UserError(f"{option} {told}: {table.path} has no such column; it has {', '.join(table.columns)}")
        return told
    usual = [name for name in table.columns if name.lower() in _USUAL[option]]
    if len(usual) != 1:
        raise UserError(f"{table.path}: type {option} with one of its columns: {', '.join(table.columns)}")
    return usual[0]


def _count_values(table: TableFile, column: str) -> dict[str, int]:
    counts: collections.Counter[str] = collections.Counter()
    for _, row in table.rows():
        counts[row[column]] += 1
        if len(counts) > _MOST_LABELS:
            raise UserError(
                f"{table.path}: the column {column!r} has more than {_MOST_LABELS:,} values, so it holds no labels; "
                "type --label-column with another"
            )
    return dict(counts)


def _only_table(source: Source) -> str:
    _, listing = source.survey[0]
    tables = [name for name in sorted(listing.files) if is_table(name) and not name.startswith(".")]
    tables = [name for name in tables if not source.is_ours(name)]
    if len(tables) != 1:
        found = f"{len(tables)} tables ({', '.join(map(show, tables[:3]))})" if tables else "no table"
        raise UserError(f"{source.root}: holds {found}; type --table FILE, the one that lists the videos")
    return source.path(tables[0])


TABLE: Final = Layout(_NAME, _EXPECTED, _evidence, _read)
