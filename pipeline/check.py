"""`deepfake check`: the health of a data set, on one screen or as JSON."""

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import Any

import rich.filesize
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from components.video_example_gen.entries import LABELS
from components.video_example_gen.health import examine
from components.video_example_gen.health_report import HealthReport, Spread
from components.video_example_gen.metadata import read_dataset
from components.video_example_gen.splits import SplitRatios
from components.video_files import is_remote

_NAMES_SHOWN = 3
_KINDS_SHOWN = 4
_FILE_COLUMNS_WIDTH = 35
# Each video of a bucket has to be downloaded to be opened.
_REMOTE_LIMIT = 50


def check(
    data_root: str,
    ratios: SplitRatios,
    group_by: str,
    max_quarantine_ratio: float,
    console: Console,
    as_json: bool = False,
) -> int:
    """Examines a data set and prints what it finds.

    Of a bucket only some videos are opened, evenly chosen.

    Args:
        data_root: folder or bucket with metadata.json, or with folders that have one each.
        ratios: proportions of the splits.
        group_by: what keeps videos together.
        max_quarantine_ratio: share of the videos that a run may lose.
        console: where to print.
        as_json: print one JSON object instead of tables.

    Returns:
        The exit code: 0, or 2 if a run would fail.

    Raises:
        UserError: if metadata.json is wrong.
    """
    dataset = read_dataset(data_root)
    with Progress(console=console, transient=True, disable=as_json or not console.is_terminal) as progress:
        task = progress.add_task("opening videos", total=None)
        report = examine(
            dataset,
            ratios,
            group_by,
            max_quarantine_ratio,
            limit=_REMOTE_LIMIT if is_remote(data_root) else None,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    if as_json:
        console.print(json.dumps(to_json(report), indent=2), markup=False, highlight=False, soft_wrap=True)
    else:
        render(report, console)
    return 2 if report.problems else 0


def to_json(report: HealthReport) -> dict[str, Any]:
    """The report as plain objects, and `ok`: whether a run can start."""
    return {"ok": not report.problems, **dataclasses.asdict(report)}


def render(report: HealthReport, console: Console) -> None:
    """Prints a report that fits on one screen, however many videos are missing."""
    videos = f"{report.videos:,} video" + "s" * (report.videos != 1)
    groups = f"{report.groups:,} group" + "s" * (report.groups != 1)
    console.print(Text(_printable(report.data_root), "bold"), soft_wrap=True)
    console.print(Text(f"{videos} in {groups} by {report.group_by}\n"))
    console.print(_split_table(report), "")
    console.print(_file_table(report, console.width), "")
    if report.size_bytes:
        console.print(_video_table(report), _kind_grid(report), "")
    if report.problems or report.warnings:
        console.print(_finding_grid(report), "")
    if report.problems:
        console.print(Text("A run on these data would fail.", "bold red"))
    else:
        console.print(Text("A run on these data can start.", "bold green"))


def _split_table(report: HealthReport) -> Table:
    proportions = ":".join(str(value) for value in dataclasses.astuple(report.ratios))
    table = _table(f"split {proportions}", *LABELS, *(f"usable {label}" for label in LABELS))
    for split, listed in report.splits.items():
        table.add_row(split, *_counts(listed), *_counts(report.usable[split], zero_style="red"))
    usable = {label: sum(by_label[label] for by_label in report.usable.values()) for label in LABELS}
    table.add_section()
    table.add_row("all", *_counts(report.labels), *_counts(usable, zero_style="red"))
    return table


def _file_table(report: HealthReport, width: int) -> Table:
    table = _table("files", "count")
    # Else rich would narrow all columns alike for a long name.
    table.add_column("first names", no_wrap=True, max_width=width - _FILE_COLUMNS_WIDTH)
    duplicates = tuple(uri for same in report.duplicates for uri in same.uris)
    rows = {"missing": report.missing, **report.unreadable, "duplicate": duplicates, "unlisted": report.unlisted}
    for kind, uris in rows.items():
        names = ", ".join(map(_printable, uris[:_NAMES_SHOWN])) + (", ..." if len(uris) > _NAMES_SHOWN else "")
        table.add_row(kind.replace("_", " "), Text(f"{len(uris):,}", "yellow" if uris else "dim"), Text(names))
    return table


def _video_table(report: HealthReport) -> Table:
    present = report.videos - len(report.missing)
    table = _table(f"{report.probed:,} of {present:,} opened", "smallest", "median", "largest")
    table.add_row("size", *_spread(report.size_bytes, _size))
    table.add_row("duration", *_spread(report.duration_s, lambda value: f"{value:.2f} s"))
    table.add_row("frame rate", *_spread(report.fps, lambda value: f"{value:.4g} fps"))
    return table


def _kind_grid(report: HealthReport) -> Table:
    grid = Table.grid(padding=(0, 2))
    for title, counts in (("resolution", report.resolutions), ("codec", report.codecs)):
        kinds = [f"{count:,} {_printable(kind)}" for kind, count in counts.items()]
        more = f" and {len(kinds) - _KINDS_SHOWN} more" if len(kinds) > _KINDS_SHOWN else ""
        grid.add_row(title, Text(", ".join(kinds[:_KINDS_SHOWN]) + more))
    grid.add_row("all files", _size(report.total_bytes))
    return grid


def _finding_grid(report: HealthReport) -> Table:
    grid = Table.grid(padding=(0, 2))
    for problem in report.problems:
        grid.add_row(Text("problem", "bold red"), Text(problem))
    for warning in report.warnings:
        grid.add_row(Text("warning", "yellow"), Text(warning))
    return grid


def _table(title: str, *columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    table.add_column(title, no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _counts(by_label: Mapping[str, int], zero_style: str = "dim") -> list[Text]:
    return [Text(f"{by_label[label]:,}", "" if by_label[label] else zero_style) for label in LABELS]


def _spread(spread: Spread | None, text: Callable[[float], str]) -> list[str]:
    return ["unknown"] * 3 if spread is None else [text(value) for value in dataclasses.astuple(spread)]


def _size(size_bytes: float) -> str:
    return rich.filesize.decimal(round(size_bytes))


def _printable(name: str) -> str:
    """The name with all escaped that would disturb the terminal."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in name)
