"""What an index of a data set has found, for people and as JSON."""

import dataclasses
import shlex
from typing import Any

from pipeline.indexing.index import Index
from pipeline.terminal.console import Console, as_text, print_fields
from pipeline.terminal.table import Column, Shrink, print_table

# These are of every row, so nothing is told by their number.
_ALWAYS = ("uri", "label")


def to_json(index: Index) -> dict[str, Any]:
    """Returns an index as plain objects, with all names of what is left out by reason in place of their number."""
    content = {**dataclasses.asdict(index), "left_out": index.names_left_out()}
    del content["first_left_out"]
    return content


def render(index: Index, console: Console) -> None:
    """Prints the layout, what was derived, and what is left out with the first names of each kind."""
    videos = sum(index.labels.values())
    labels = ", ".join(f"{count:,} {label}" for label, count in sorted(index.labels.items()))
    derived = [f"{name} {count:,}" for name, count in index.known.items() if count and name not in _ALWAYS]
    splits = ", ".join(f"{name} {count:,}" for name, count in sorted(index.splits.items()))
    print_fields(
        {
            "layout": f"{index.layout}: {index.reason}",
            "manifest": f"{index.manifest}: {videos:,} video{'s' * (videos != 1)}, {labels}",
            "derived": ", ".join(derived) or "labels only",
            **({"splits": splits} if splits else {}),
        },
        console,
    )
    console.print()
    if not index.left_out:
        console.print(as_text("Every file of the folder is in the manifest."))
        console.print()
        return
    rows = [[reason, f"{count:,}", _names(index, reason)] for reason, count in index.left_out.items()]
    columns = [Column("left out"), Column("count", right=True), Column("first names", shrinks=Shrink.END)]
    print_table(columns, rows, console, ruled=True)
    console.print(as_text(f"All of them are in {index.left_out_file}"))
    console.print()


def print_check_command(index: Index, console: Console) -> None:
    """Prints the command that opens all videos."""
    setting = shlex.quote(f"data.manifest={index.manifest}")
    console.print(as_text(f"To open all videos, type deepfake check {shlex.quote(index.root)} --set {setting}"))


def _names(index: Index, reason: str) -> str:
    names = index.first_left_out[reason]
    return ", ".join(names) + (", ..." if index.left_out[reason] > len(names) else "")
