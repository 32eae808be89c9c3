"""All output to the terminal goes through here, so that any name is shown on one line, with control characters escaped.

Live displays appear on a terminal only, not in a pipe. Rich would also redirect the standard streams, with libraries'
warnings, to the display; this is disabled, so that they go to the log.
"""

import contextlib
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any, Final

import rich.console
from rich.console import ConsoleDimensions, RenderableType
from rich.live import Live
from rich.progress import Progress
from rich.spinner import Spinner
from rich.text import Text

from components.imports import without_collections
from components.notices import NOTICES_LOGGER
from components.printable import printable

_UNLIMITED: Final = 1_000_000
_DELETE: Final = "\x7f"


def as_text(*parts: str | tuple[str, str]) -> Text:
    """Joins parts to one printable line without markup; a pair is a part and its style."""
    pairs = [(part, "") if isinstance(part, str) else part for part in parts]
    return Text.assemble(*((printable(part), style) for part, style in pairs))


class Console(rich.console.Console):
    """A terminal, or the file or pipe that replaces it.

    A string is one line of plain text: no markup, no emoji codes, and `printable`. For styles, use `as_text`. Lines are
    never wrapped or cut, except in tables on a terminal; a file or pipe has no width limit.
    """

    def __init__(
        self,
        file: IO[str] | None = None,
        *,
        errors: IO[str] | None = None,
        width: int | None = None,
        height: int | None = None,
    ) -> None:
        """Prints to `file`, by default standard output; by default in the size of the terminal.

        `errors` is where standard error goes, by default to standard error.
        """
        self.errors = errors
        piped = not (file or sys.stdout).isatty()
        # Rich would apply COLUMNS to files and pipes too.
        width = width or (_UNLIMITED if piped else None)
        self._measured = width is None and "COLUMNS" not in os.environ
        super().__init__(
            file=file, width=width, height=height, markup=False, emoji=False, highlight=False, soft_wrap=True
        )

    @property
    def size(self) -> ConsoleDimensions:
        """The size of the terminal printed to, even if the standard streams go to a log."""
        if self._measured and self.file.isatty():
            columns, lines = os.get_terminal_size(self.file.fileno())
            if columns and lines:
                return ConsoleDimensions(columns, lines)
        return super().size

    @size.setter
    def size(self, new_size: tuple[int, int]) -> None:
        self.width, self.height = new_size

    def render_str(self, text: str, **options: Any) -> Text:
        """Like Rich's, with the text made printable."""
        return super().render_str(printable(text), **options)


def print_fields(fields: Mapping[str, str | Text], console: rich.console.Console, *, width: int = 11) -> None:
    """Prints one line per field, with the name in a column of `width` characters."""
    for name, value in fields.items():
        value = as_text(value) if isinstance(value, str) else value
        console.print(Text.assemble(f"{printable(name):<{width}}", value), soft_wrap=True)


def json_text(content: object, *, indent: int | None = None) -> str:
    """Returns the content as ASCII JSON without control characters, whatever the names contain."""
    return json.dumps(content, indent=indent).replace(_DELETE, "\\u007f")


def print_json(content: object, console: rich.console.Console, *, indent: int | None = None) -> None:
    """Prints one JSON object."""
    print_document(f"{json_text(content, indent=indent)}\n", console)


def print_document(text: str, console: rich.console.Console) -> None:
    """Writes text for programs unchanged; `text` ends with a newline."""
    console.file.write(text)
    console.file.flush()


def print_error(message: str, *table: str) -> None:
    """Prints a one-line error on standard error, followed by the lines of its table."""
    sys.stderr.write("".join(f"{printable(line)}\n" for line in (f"deepfake: {message}", *table)))
    sys.stderr.flush()


@contextlib.contextmanager
def notices_shown(show: Callable[[str], None]) -> Iterator[None]:
    """Shows the lines that code without a terminal has for the user, each once, for the duration of the context."""
    handler, logger = _NoticeHandler(show), logging.getLogger(NOTICES_LOGGER)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


class _NoticeHandler(logging.Handler):
    def __init__(self, show: Callable[[str], None]) -> None:
        super().__init__()
        self._show = show
        self._shown: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage()
        about = getattr(record, "once", "") or line
        if about not in self._shown:
            self._shown.add(about)
            self._show(line)


@contextlib.contextmanager
def status(message: str, console: rich.console.Console, *, shown: bool = True) -> Iterator[Callable[[str], None]]:
    """Shows a line for the duration of the context, and yields a function that changes it."""
    if not shown:
        yield lambda line: None
        return
    spinner = Spinner("dots", as_text(message), style="green")

    def report_progress(line: str) -> None:
        spinner.update(text=as_text(line))

    with Live(
        spinner, console=console, refresh_per_second=12.5, transient=True, redirect_stdout=False, redirect_stderr=False
    ):
        yield report_progress


@contextlib.contextmanager
def loading(libraries: str, console: rich.console.Console, *, shown: bool = True) -> Iterator[None]:
    """Says on standard error, if it is a terminal, what is imported within the context, which takes seconds."""
    errors = console.errors if isinstance(console, Console) else None
    with status(f"loading {libraries}", Console(errors or sys.stderr), shown=shown), without_collections():
        yield


@contextlib.contextmanager
def progress(
    description: str, console: rich.console.Console, *, shown: bool = True
) -> Iterator[Callable[[int, int], None]]:
    """Shows a bar for the duration of the context, and yields a function that sets how many of how many are done."""
    with Progress(
        console=console,
        transient=True,
        disable=not (shown and console.is_terminal),
        redirect_stdout=False,
        redirect_stderr=False,
    ) as bar:
        task = bar.add_task(description, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def live(render: Callable[[], RenderableType], console: rich.console.Console) -> Live:
    """Returns a context that shows the result of `render`, four times a second; its last state remains."""
    return Live(get_renderable=render, console=console, redirect_stdout=False, redirect_stderr=False)
