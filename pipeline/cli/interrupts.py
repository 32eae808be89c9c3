"""Handles Ctrl-C in commands that can be resumed."""

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

import typer

from pipeline.cli.exit_codes import ExitCode
from pipeline.terminal.console import Console


@contextlib.contextmanager
def interruptible(console: Console, how_to_resume: str = "the same command goes on where it was") -> Iterator[None]:
    """Turns Ctrl-C into one line and the exit code, also where Beam replaces KeyboardInterrupt with its own errors."""
    noted: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        noted.append(number)
        signal.default_int_handler(number, frame)

    previous = signal.signal(signal.SIGINT, note)
    try:
        yield
    except (Exception, KeyboardInterrupt):
        if not noted:
            raise
        # A second Ctrl-C changes nothing any more.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        console.print(f"interrupted; {how_to_resume}")
        raise typer.Exit(ExitCode.INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGINT, previous)
