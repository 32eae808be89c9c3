"""The terminal for people, the log file for everything else."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType

from rich.console import Console


@contextlib.contextmanager
def log_to_file(path: str) -> Iterator[Console]:
    """Sends all that this process and its children write to `path`, and gives a console on the terminal.

    TFX, Beam and TensorFlow write thousands of lines, some of them from C++, so the descriptors are moved.
    """
    os.makedirs(os.path.dirname(path), exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    terminal, errors = os.dup(1), os.dup(2)
    with open(path, "ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    try:
        with open(terminal, "w", encoding="utf-8", closefd=False) as stream:
            yield Console(file=stream)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(terminal, 1)
        os.dup2(errors, 2)
        os.close(terminal)
        os.close(errors)


@contextlib.contextmanager
def interrupts_noted() -> Iterator[list[int]]:
    """Gives a list that holds every Ctrl-C so far; Beam turns a KeyboardInterrupt into an error of its own."""
    noted: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        noted.append(number)
        signal.default_int_handler(number, frame)

    previous = signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, previous)
