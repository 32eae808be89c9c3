"""Tables that never cut figures, verdicts and reasons at any width, only paths and prose."""

import dataclasses
import enum
from collections.abc import Sequence
from typing import Final

from rich import box
from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from pipeline.terminal.console import as_text

_LEAST: Final = 12
_ELLIPSIS: Final = "…"


class Shrink(enum.Enum):
    """How a column shrinks if there is not enough room."""

    NEVER = enum.auto()
    MIDDLE = enum.auto()
    END = enum.auto()
    WRAP = enum.auto()


@dataclasses.dataclass(frozen=True)
class Column:
    """A column and its heading."""

    heading: str
    right: bool = False
    shrinks: Shrink = Shrink.NEVER


@dataclasses.dataclass(frozen=True)
class Shortened:
    """A line, such as a path, that is shortened in the middle if there is not enough room.

    Attributes:
        line: the part to shorten.
        before: a prefix that is never shortened.
    """

    line: Text
    before: Text = dataclasses.field(default_factory=Text)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Returns the widths from the shortest useful form to the whole line."""
        before, whole = self.before.cell_len, self.line.cell_len
        return Measurement(before + min(_LEAST, whole), before + whole)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yields the line in the available width."""
        room = max(options.max_width - self.before.cell_len, _LEAST)
        line = self.line if self.line.cell_len <= room else Text(without_middle(self.line.plain, room), self.line.style)
        yield Text.assemble(self.before, line, no_wrap=True, overflow="ignore")


@dataclasses.dataclass(frozen=True)
class Trimmed:
    """A table without the blanks that Rich appends to each line."""

    table: Table

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yields the table's lines."""
        for line in console.render_lines(self.table, options.update(no_wrap=None, overflow=None), pad=False):
            while line and not line[-1].text.rstrip():
                line.pop()
            *before, last = line or [Segment("")]
            yield from (*before, Segment(last.text.rstrip(), last.style), Segment.line())


def without_middle(line: str, width: int) -> str:
    """Removes as much of the middle as needed; the larger part remains of the end, where a file's name is.

    Args:
        line: of any length.
        width: at least 3 cells of the terminal; a wide character takes two.
    """
    if cell_len(line) <= width:
        return line
    first = (width - 1) // 3
    last = width - 1 - first
    # Rich replaces half a wide character with a blank.
    return set_cell_size(line, first) + _ELLIPSIS + set_cell_size(line[::-1], last)[::-1]


def make_table(columns: Sequence[Column], rows: Sequence[Sequence[str | Text]], *, ruled: bool = False) -> Table:
    """Returns a table for any width; a terminal that is too narrow cuts it at the right.

    Args:
        columns: from left to right.
        rows: cells of one line each.
        ruled: whether to draw a line below the headings.
    """
    table = Table(box=box.SIMPLE_HEAD if ruled else None, show_edge=not ruled, pad_edge=False, header_style="bold")
    texts = _texts(rows)
    for index, column in enumerate(columns):
        table.add_column(
            as_text(column.heading),
            justify="right" if column.right else "left",
            no_wrap=column.shrinks is Shrink.NEVER,
            overflow="fold",
            min_width=_least_width(column, [row[index] for row in texts]),
        )
    for row in texts:
        table.add_row(*(_cell(column, text) for column, text in zip(columns, row, strict=True)))
    return table


def print_table(
    columns: Sequence[Column], rows: Sequence[Sequence[str | Text]], console: Console, *, ruled: bool = False
) -> None:
    """Prints the table of `make_table`, or each row on lines of its own if the terminal is too narrow."""
    table = make_table(columns, rows, ruled=ruled)
    # Any box, even if only the line below the headings is drawn, adds a blank between columns to their padding.
    between = 3 if ruled else 2
    least = sum((column.min_width or 0) for column in table.columns) + between * (len(columns) - 1)
    fits = least <= console.width
    console.print(Trimmed(table) if fits else _rows_as_lines(columns, rows), soft_wrap=True)


def _texts(rows: Sequence[Sequence[str | Text]]) -> list[list[Text]]:
    return [[as_text(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]


def _least_width(column: Column, texts: Sequence[Text]) -> int:
    whole = max(text.cell_len for text in (as_text(column.heading), *texts))
    return whole if column.shrinks is Shrink.NEVER else min(whole, max(_LEAST, cell_len(column.heading)))


def _cell(column: Column, text: Text) -> RenderableType:
    if column.shrinks is Shrink.MIDDLE:
        return Shortened(text)
    if column.shrinks is Shrink.END:
        return Text.assemble(text, no_wrap=True, overflow="ellipsis")
    return text


def _rows_as_lines(columns: Sequence[Column], rows: Sequence[Sequence[str | Text]]) -> Group:
    width = max(cell_len(column.heading) for column in columns) + 2
    lines: list[RenderableType] = []
    for row in _texts(rows):
        lines += [Text("")] if lines else []
        for column, text in zip(columns, row, strict=True):
            heading = as_text(f"{column.heading:<{width}}")
            if column.shrinks is Shrink.MIDDLE:
                lines.append(Shortened(text, heading))
            elif text.plain:
                cut = column.shrinks is Shrink.END
                lines.append(Text.assemble(heading, text, no_wrap=True, overflow="ellipsis" if cut else "ignore"))
    return Group(*lines)
