"""Separates the terminal, for people, from the log file, for everything else."""

import contextlib
import io
import logging
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

import typer

from components.errors import UserError
from components.file_faults import find_fault
from components.printable import printable
from components.redaction import hide
from pipeline.terminal.console import Console, notices_shown, print_error

# BrokenPipeError: the reader, such as `head`, is gone.
_FORESEEN = (UserError, typer.Exit, KeyboardInterrupt, BrokenPipeError)


@contextlib.contextmanager
def log_to_file(path: str = "", secrets: Sequence[str] = ()) -> Iterator[Console]:
    """Redirects all output of this process and its children to a log, and yields a console on the terminal.

    TFX, Beam and TensorFlow write thousands of lines, some of them from C++, so the file descriptors are redirected. On
    an unexpected error, the path of the log is printed. A rejected command leaves no folder behind that was created for
    its log only.

    Args:
        path: path of the log, which is appended to; by default a temporary file, kept only after an unexpected error.
        secrets: strings to remove from log records: TFX logs each node's options, and Beam those that it does not know.

    Raises:
        UserError: if the log cannot be written.
    """
    temporary = not path
    if temporary:
        number, path = tempfile.mkstemp(prefix="deepfake-", suffix=".log")
        os.close(number)
    made = _make_folder_of(path)
    kept = not temporary
    try:
        with _standard_streams_in(path) as console, _secrets_hidden(secrets):
            yield console
    except (Exception, KeyboardInterrupt) as error:
        if not isinstance(error, _FORESEEN) and find_fault(error) is None:
            kept = True
            print_error(f"an unforeseen error; what came before it is in {path}")
        elif made:
            _remove_unless_used(path, made)
        raise
    finally:
        if not kept:
            os.remove(path)


@contextlib.contextmanager
def _standard_streams_in(path: str) -> Iterator[Console]:
    sys.stdout.flush()
    sys.stderr.flush()
    terminal, errors = os.dup(1), os.dup(2)
    with open(path, "ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = lossy_stream(1), lossy_stream(2)
    try:
        with _text_to(terminal) as output, _text_to(errors) as told:
            console = Console(output, errors=told)
            with notices_shown(console.print if console.is_terminal else lambda line: _tell(line, told)):
                yield console
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout, sys.stderr = streams
        os.dup2(terminal, 1)
        os.dup2(errors, 2)
        os.close(terminal)
        os.close(errors)


def _tell(line: str, errors: IO[str]) -> None:
    """Prints a notice where it is not among the JSON that a program reads."""
    errors.write(f"deepfake: {printable(line)}\n")
    errors.flush()


def _text_to(descriptor: int) -> IO[str]:
    return open(descriptor, "w", encoding="utf-8", errors="backslashreplace", closefd=False)


@contextlib.contextmanager
def _secrets_hidden(secrets: Sequence[str]) -> Iterator[None]:
    make = logging.getLogRecordFactory()
    formatter = logging.Formatter()

    def make_hidden(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        try:
            record.msg, record.args = hide(record.getMessage(), secrets), ()
        except (TypeError, ValueError):
            # The caller's format string does not match its arguments; logging would report this rather than raise.
            record.msg, record.args = hide(f"{record.msg} {record.args}", secrets), ()
        if record.exc_info and record.exc_info[0]:
            record.exc_text = hide(formatter.formatException(record.exc_info), secrets)
        return record

    if secrets:
        logging.setLogRecordFactory(make_hidden)
    try:
        yield
    finally:
        logging.setLogRecordFactory(make)


def _make_folder_of(log: str) -> list[str]:
    """Creates the folders above a file, and returns those that did not exist, deepest first.

    Raises:
        UserError: if the file cannot be written.
    """
    missing = []
    folder = os.path.dirname(os.path.abspath(log))
    while not os.path.exists(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    try:
        os.makedirs(os.path.dirname(os.path.abspath(log)), exist_ok=True)
        # O_NONBLOCK: a pipe is refused rather than waits for a reader.
        os.close(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK, 0o666))
    except OSError as error:
        raise UserError(
            f"{log}: cannot be written ({error.strerror}); correct its permissions, or choose another folder for runs "
            "(--runs-dir DIR or --set runs_dir=DIR)"
        ) from error
    return missing


def _remove_unless_used(log: str, made: list[str]) -> None:
    if os.listdir(made[0]) == [os.path.basename(log)]:
        os.remove(log)
    for folder in made:
        if os.listdir(folder):
            return
        os.rmdir(folder)


def lossy_stream(descriptor: int) -> io.TextIOWrapper:
    """Returns a line-buffered stream that drops what cannot be written to a file descriptor, which it never closes.

    A log on a full disk must cost lines, not the run: Beam reports the error of a worker only after printing it, and
    would otherwise never report it.
    """
    buffered = io.BufferedWriter(_Lossy(descriptor))
    return io.TextIOWrapper(buffered, encoding="utf-8", errors="backslashreplace", line_buffering=True)


class _Lossy(io.RawIOBase):
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        rest = memoryview(content)
        with contextlib.suppress(OSError):
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        return len(content)
