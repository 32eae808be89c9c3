"""Shows the notices of a running command."""

import contextlib
import logging
from collections.abc import Iterator
from typing import IO

from components.notices import NOTICES_LOGGER
from components.printable import printable
from pipeline.terminal.console import Console

_LOGGER = logging.getLogger(NOTICES_LOGGER)


@contextlib.contextmanager
def notices_shown(console: Console, errors: IO[str]) -> Iterator[None]:
    """Shows notices for the duration of the context: above a live display on a terminal, otherwise among the errors."""
    handler = _NoticeHandler(console, errors)
    _LOGGER.addHandler(handler)
    try:
        yield
    finally:
        _LOGGER.removeHandler(handler)


class _NoticeHandler(logging.Handler):
    def __init__(self, console: Console, errors: IO[str]) -> None:
        super().__init__()
        self._console = console
        self._errors = errors
        self._told: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        about = getattr(record, "once", "")
        if about in self._told:
            return
        if about:
            self._told.add(about)
        line = f"deepfake: {record.getMessage()}"
        if self._console.is_terminal:
            self._console.print(line)
        else:
            # Never among the JSON that a program reads.
            self._errors.write(f"{printable(line)}\n")
            self._errors.flush()
