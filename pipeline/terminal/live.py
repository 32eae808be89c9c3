"""What moves on a terminal while a command works; a pipe sees nothing of it.

Rich would take what Python writes to the standard streams, libraries' warnings among it, and show it on the terminal.
It is left alone, and so gets into the log.
"""

import contextlib
from collections.abc import Callable, Iterator

from rich.console import Console, RenderableType
from rich.live import Live
from rich.progress import Progress
from rich.spinner import Spinner

from pipeline.terminal.console import as_text


@contextlib.contextmanager
def status(message: str, console: Console, *, shown: bool = True) -> Iterator[Callable[[str], None]]:
    """Shows a line as long as the context lives, and gives what changes it."""
    if not shown:
        yield lambda line: None
        return
    spinner = Spinner("dots", as_text(message), style="green")

    def tell(line: str) -> None:
        spinner.update(text=as_text(line))

    with Live(
        spinner, console=console, refresh_per_second=12.5, transient=True, redirect_stdout=False, redirect_stderr=False
    ):
        yield tell


@contextlib.contextmanager
def progress(description: str, console: Console, *, shown: bool = True) -> Iterator[Callable[[int, int], None]]:
    """Shows a bar as long as the context lives, and gives what tells it how many of how many are done."""
    with Progress(
        console=console,
        transient=True,
        disable=not (shown and console.is_terminal),
        redirect_stdout=False,
        redirect_stderr=False,
    ) as bar:
        task = bar.add_task(description, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def live(render: Callable[[], RenderableType], console: Console) -> Live:
    """The context in which what `render` gives is shown anew four times a second; its last state stays."""
    return Live(get_renderable=render, console=console, redirect_stdout=False, redirect_stderr=False)
