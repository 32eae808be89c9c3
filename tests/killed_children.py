"""Ends child processes at a certain moment."""

import contextlib
import os
import pathlib
import threading
from collections.abc import Callable, Iterator

from decoding_processes import children, decoders


@contextlib.contextmanager
def killing_readers(path: str, number: int, *, times: int, parent: int = 0) -> Iterator[list[int]]:
    """Sends a signal to the first decoders that open a file, for the duration of the context.

    Args:
        path: the file.
        number: the signal.
        times: to how many decoders.
        parent: the process that starts them; by default this one.

    Yields:
        The ids of the processes that were ended.
    """

    def readers() -> set[int]:
        return {
            pid
            for pid in decoders(parent or os.getpid())
            if any(os.path.samefile(link, path) for link in pathlib.Path(f"/proc/{pid}/fd").iterdir())
        }

    with _killing(readers, number, times) as ended:
        yield ended


@contextlib.contextmanager
def killing_children(named: bytes, number: int, *, times: int, parent: int = 0) -> Iterator[list[int]]:
    """Sends a signal to the first child processes whose command line contains `named`: see above."""
    with _killing(lambda: children(parent or os.getpid(), named), number, times) as ended:
        yield ended


@contextlib.contextmanager
def _killing(victims: Callable[[], set[int]], number: int, times: int) -> Iterator[list[int]]:
    ended: list[int] = []
    over = threading.Event()

    def watch() -> None:
        while not over.is_set() and len(ended) < times:
            # What is looked at may end meanwhile.
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                for pid in list(victims() - set(ended))[: times - len(ended)]:
                    os.kill(pid, number)
                    ended.append(pid)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield ended
    finally:
        over.set()
        watcher.join()
