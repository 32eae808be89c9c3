"""Indexes a data set: chooses its layout, and writes the manifest and the list of what is left out."""

import collections
import dataclasses
import os
from collections.abc import Callable, Iterator, Mapping, Sequence

from components import storage
from components.errors import UserError
from components.output_files import require_writable
from components.uris import is_remote
from pipeline.indexing.choice import choose_layout
from pipeline.indexing.layout import Layout, Row, Told
from pipeline.indexing.layouts.table import TABLE
from pipeline.indexing.left_out import LeftOut, read_left_out
from pipeline.indexing.manifest_file import COLUMNS, manifest_format, write_manifest, written_whole
from pipeline.indexing.table_file import is_table
from pipeline.indexing.tree import Source, absolute, require_folder

_TOLD_EVERY = 1000


@dataclasses.dataclass(frozen=True)
class Index:
    """What an index has found.

    Attributes:
        root: the folder that the uris are relative to.
        layout: its name.
        reason: why it was taken.
        manifest: the file that was written.
        labels: number of videos by label.
        known: number of videos by column that has a value for them.
        splits: number of videos by official split, in the words of the data set.
        left_out: number of what is left out, by reason.
        first_left_out: some of the names, by reason.
        left_out_file: the file with all of them; empty if nothing is left out.
    """

    root: str
    layout: str
    reason: str
    manifest: str
    labels: Mapping[str, int]
    known: Mapping[str, int]
    splits: Mapping[str, int]
    left_out: Mapping[str, int]
    first_left_out: Mapping[str, Sequence[str]]
    left_out_file: str

    @property
    def videos(self) -> int:
        """The number of rows."""
        return self.known["uri"]

    def names_left_out(self) -> dict[str, list[str]]:
        """Returns all names of what is left out, by reason."""
        return read_left_out(self.left_out_file) if self.left_out_file else {}


def index_source(
    source: str,
    layout: str,
    out: str,
    told: Told,
    *,
    overwrite: bool = False,
    progress: Callable[[int], None] = lambda videos: None,
) -> Index:
    """Writes the manifest of a data set, and beside it a list of what is left out, if anything is.

    Args:
        source: folder or bucket of the videos, or a table that lists videos beside it.
        layout: name of the layout, or `auto`.
        out: the manifest to write, local or in a bucket; its suffix says how.
        told: what the user says of columns and labels.
        overwrite: replace what is there.
        progress: called with the number of videos found.

    Raises:
        UserError: before the work if the files cannot be written or are there already; if the source fits no layout, or
            more than one, or could be read two ways. Nothing is written then.
    """
    suffix = manifest_format(out)
    beside = f"{out}.left_out.csv"
    _require_free(out, beside, overwrite=overwrite)
    where, told = _open_source(source, told, (out, beside))
    chosen, reason = choose_layout(layout, where, told)
    counts = _Counts(progress)
    with written_whole(out) as manifest, written_whole(beside) as list_file:
        with open(list_file, "x", encoding="utf-8", newline="") as file:
            left_out = LeftOut(file)
            rows = chosen.read(where, told, left_out)
            write_manifest(manifest, counts.counted(rows.rows), rows.meta, suffix)
        if not counts.known["uri"]:
            raise _nothing_found(where, chosen, left_out)
    if not left_out.counts:
        storage.remove(beside)
    return Index(
        root=where.root,
        layout=chosen.name,
        reason=reason,
        manifest=out,
        labels=dict(counts.labels),
        known={name: counts.known[name] for name in (*COLUMNS, *(f"meta/{key}" for key in rows.meta))},
        splits=dict(counts.splits),
        left_out=dict(left_out.counts.most_common()),
        first_left_out=dict(left_out.first),
        left_out_file=beside if left_out.counts else "",
    )


class _Counts:
    """Counts the rows that pass by."""

    def __init__(self, progress: Callable[[int], None]) -> None:
        self.labels: collections.Counter[str] = collections.Counter()
        self.known: collections.Counter[str] = collections.Counter()
        self.splits: collections.Counter[str] = collections.Counter()
        self._progress = progress

    def counted(self, rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            self.labels[row.label] += 1
            self.known.update(column for column in COLUMNS if getattr(row, column))
            self.known.update(f"meta/{key}" for key, value in row.meta.items() if value)
            if row.split:
                self.splits[row.split] += 1
            if self.known["uri"] % _TOLD_EVERY == 0:
                self._progress(self.known["uri"])
            yield row


def _require_free(out: str, beside: str, *, overwrite: bool) -> None:
    for path in (out, beside):
        if not overwrite and storage.exists(path):
            raise UserError(f"--out {out}: {path} is there already; give another name, or type --overwrite")
        require_writable("--out", path)


def _open_source(source: str, told: Told, ours: Sequence[str]) -> tuple[Source, Told]:
    if is_table(source) and storage.exists(source) and not storage.isdir(source):
        if told.table:
            raise UserError(
                f"--table {told.table}: {source} is a table itself; give its folder, or leave the option out"
            )
        folder = os.path.dirname(source) if is_remote(source) else os.path.dirname(source) or os.curdir
        return Source(folder, frozenset(map(absolute, ours))), dataclasses.replace(told, table=source)
    require_folder(source)
    return Source(source, frozenset(map(absolute, ours))), told


def _nothing_found(source: Source, layout: Layout, left_out: LeftOut) -> UserError:
    found = "; ".join(
        f"{count:,} {reason}: {left_out.first[reason][0]}" for reason, count in left_out.counts.most_common(3)
    )
    way_out = "correct its paths" if layout is TABLE else "give another --layout, or the folder that is meant"
    return UserError(
        f"{source.root}: no video fits the layout {layout.name}, which has {layout.expected} ({found or 'no files'}); "
        f"{way_out}"
    )
