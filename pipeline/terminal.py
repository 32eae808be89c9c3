"""The terminal for people, the log file for everything else."""

import contextlib
import logging
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Any, BinaryIO

from rich.console import Console

from components.errors import UserError
from components.redaction import hide


@contextlib.contextmanager
def log_to_file(path: str, secrets: Sequence[str] = ()) -> Iterator[Console]:
    """Sends all that this process and its children write to `path`, and gives a console on the terminal.

    TFX, Beam and TensorFlow write thousands of lines, some of them from C++, so the descriptors are moved.

    Args:
        path: of the log.
        secrets: that no record of a logger may hold: TFX logs each node's options, and Beam those it does not know.

    Raises:
        UserError: if nothing can be written there.
    """
    opened = _open(path)
    sys.stdout.flush()
    sys.stderr.flush()
    terminal, errors = os.dup(1), os.dup(2)
    with opened as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    try:
        with open(terminal, "w", encoding="utf-8", closefd=False) as stream, _secrets_hidden(secrets):
            yield Console(file=stream)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(terminal, 1)
        os.dup2(errors, 2)
        os.close(terminal)
        os.close(errors)


def _open(path: str) -> BinaryIO:
    folder = os.path.dirname(path) or os.curdir
    try:
        os.makedirs(folder, exist_ok=True)
        return open(path, "ab")
    except OSError as error:
        raise UserError(f"{folder}: nothing can be written there ({error.strerror}); give another folder") from error


@contextlib.contextmanager
def _secrets_hidden(secrets: Sequence[str]) -> Iterator[None]:
    make = logging.getLogRecordFactory()
    formatter = logging.Formatter()

    def make_hidden(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        record.msg, record.args = hide(record.getMessage(), secrets), ()
        if record.exc_info and record.exc_info[0]:
            record.exc_text = hide(formatter.formatException(record.exc_info), secrets)
        return record

    if secrets:
        logging.setLogRecordFactory(make_hidden)
    try:
        yield
    finally:
        logging.setLogRecordFactory(make)


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
