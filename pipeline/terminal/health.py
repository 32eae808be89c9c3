"""The health of a data set, and what its extraction will take, on one screen and as JSON."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import rich.filesize
from rich.table import Table
from rich.text import Text

from components.dataset.entries import LABELS
from components.dataset.health_report import HealthReport, Spread
from components.frame_feature_gen.cost import Estimate
from pipeline.terminal.console import Console, as_text
from pipeline.terminal.table import Column, Shrink, Trimmed, print_table

_NAMES_SHOWN = 3
_KINDS_SHOWN = 4


def to_json(report: HealthReport, estimate: Estimate | None = None) -> dict[str, Any]:
    """Returns the report as plain objects, `ok`: whether a run can start, and `estimate`, if one was made."""
    told = None if estimate is None else dataclasses.asdict(estimate)
    return {"ok": not report.problems, **dataclasses.asdict(report), "estimate": told}


def render(report: HealthReport, console: Console, estimate: Estimate | None = None) -> None:
    """Prints a report that fits on one screen, however many videos are missing, and what the extraction will take."""
    videos = f"{report.videos:,} video" + "s" * (report.videos != 1)
    groups = f"{report.groups:,} group" + "s" * (report.groups != 1)
    console.print(as_text((report.data_root, "bold")), soft_wrap=True)
    console.print(as_text(f"{videos} in {groups} by {report.group_by}"))
    console.print()
    _print_splits(report, console)
    console.print()
    _print_files(report, console)
    console.print()
    if report.size_bytes:
        _print_videos(report, console)
        console.print(Trimmed(_kind_grid(report)), soft_wrap=True)
        console.print()
    if estimate:
        _print_estimate(estimate, console)
        console.print()
    if report.problems or report.warnings:
        console.print(Trimmed(_finding_grid(report)), soft_wrap=True)
        console.print()
    if report.problems:
        console.print(as_text(("A run on these data would fail.", "bold red")))
    else:
        console.print(as_text(("A run on these data can start.", "bold green")))


def _print_splits(report: HealthReport, console: Console) -> None:
    proportions = ":".join(str(value) for value in dataclasses.astuple(report.ratios))
    columns = [("", report.splits, "dim"), ("usable ", report.usable, "red")]
    if report.official:
        columns.insert(0, ("official ", report.official, "dim"))
    headings = [f"{kind}{label}" for kind, _, _ in columns for label in LABELS]
    rows: list[list[str | Text]] = [
        [split, *(text for _, counts, zero in columns for text in _counts(counts[split], zero_style=zero))]
        for split in report.splits
    ]
    totals = [
        ({label: sum(by_label[label] for by_label in counts.values()) for label in LABELS}, zero)
        for _, counts, zero in columns
    ]
    rows.append(["all", *(text for total, zero in totals for text in _counts(total, zero_style=zero))])
    _print_counts(f"split {proportions} by {report.split_by}", headings, rows, console)


def _print_files(report: HealthReport, console: Console) -> None:
    duplicates = tuple(uri for same in report.duplicates for uri in same.uris)
    rows = {"missing": report.missing, **report.unreadable, "duplicate": duplicates, "unlisted": report.unlisted}
    cells: list[list[str | Text]] = []
    for kind, uris in rows.items():
        names = ", ".join(uris[:_NAMES_SHOWN]) + (", ..." if len(uris) > _NAMES_SHOWN else "")
        cells.append([kind.replace("_", " "), as_text((f"{len(uris):,}", "yellow" if uris else "dim")), names])
    columns = [Column("files"), Column("count", right=True), Column("first names", shrinks=Shrink.END)]
    print_table(columns, cells, console, ruled=True)


def _print_videos(report: HealthReport, console: Console) -> None:
    present = report.videos - len(report.missing)
    rows = [
        ["size", *_spread(report.size_bytes, _size)],
        ["duration", *_spread(report.duration_s, lambda value: f"{value:.2f} s")],
        ["frame rate", *_spread(report.fps, lambda value: f"{value:.4g} fps")],
    ]
    _print_counts(f"{report.probed:,} of {present:,} opened", ["smallest", "median", "largest"], rows, console)


def _kind_grid(report: HealthReport) -> Table:
    grid = Table.grid(padding=(0, 2))
    for title, counts in (("resolution", report.resolutions), ("codec", report.codecs)):
        kinds = [f"{count:,} {kind}" for kind, count in counts.items()]
        more = f" and {len(kinds) - _KINDS_SHOWN} more" if len(kinds) > _KINDS_SHOWN else ""
        grid.add_row(title, as_text(", ".join(kinds[:_KINDS_SHOWN]) + more))
    grid.add_row("all files", _size(report.total_bytes))
    return grid


def _finding_grid(report: HealthReport) -> Table:
    grid = Table.grid(padding=(0, 2))
    for problem in report.problems:
        grid.add_row(as_text(("problem", "bold red")), as_text(problem))
    for warning in report.warnings:
        grid.add_row(as_text(("warning", "yellow")), as_text(warning))
    return grid


def _print_counts(title: str, headings: Sequence[str], rows: Sequence[Sequence[str | Text]], console: Console) -> None:
    columns = [Column(title), *(Column(heading, right=True) for heading in headings)]
    print_table(columns, rows, console, ruled=True)


def _counts(by_label: Mapping[str, int], zero_style: str = "dim") -> list[Text]:
    return [as_text((f"{by_label[label]:,}", "" if by_label[label] else zero_style)) for label in LABELS]


def _spread(spread: Spread | None, text: Callable[[float], str]) -> list[str]:
    return ["unknown"] * 3 if spread is None else [text(value) for value in dataclasses.astuple(spread)]


def _size(size_bytes: float) -> str:
    return rich.filesize.decimal(round(size_bytes))


def _print_estimate(estimate: Estimate, console: Console) -> None:
    disk = rich.filesize.decimal(estimate.disk_bytes)
    if estimate.by_workers:
        rows = [
            (str(cost.workers), _time_in_words(cost.seconds), rich.filesize.decimal(cost.memory_bytes))
            for cost in estimate.by_workers
        ]
        columns = [Column("extraction.workers"), Column("time, about", right=True), Column("memory", right=True)]
        print_table(columns, rows, console, ruled=True)
        each = f"{estimate.decode_s:.2f} s to decode a video and {estimate.encode_s:.2f} s to encode its frames"
        console.print(f"measured on {estimate.measured} videos: {each}; what is in the feature cache takes no time")
    else:
        measured = "decoding" if estimate.decode_s is None else "encoding"
        console.print(f"extraction: {measured} a video took too long to be measured in a few seconds")
    console.print(f"disk for the features of {estimate.videos:,} videos: {disk}")


def _time_in_words(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
