"""A text stream that drops what cannot be written, since a log on a full disk must cost lines, not the run."""

import contextlib
import io
import os
from typing import Any


def lossy_stream(descriptor: int) -> io.TextIOWrapper:
    """Returns a line-buffered stream that writes to a file descriptor, which it never closes, and raises no OSError.

    Beam reports the error of a worker only after printing it, and would otherwise never report it.
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
