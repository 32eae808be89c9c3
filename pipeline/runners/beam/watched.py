"""Runs a pipeline of Beam in a thread, so that the command neither waits for lost workers nor ignores Ctrl-C."""

import concurrent.futures
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

_Result = TypeVar("_Result")
_POLL_S: Final = 0.5
# Beam's own error says more, if it has noticed.
_GRACE_S: Final = 10.0
_abandoned: list[threading.Thread] = []


class WorkerLostError(RuntimeError):
    """A thread or a process of the pipeline ended, and Beam would wait for it forever."""


def run_watched(run: Callable[[], _Result]) -> _Result:
    """Calls `run` in a thread of its own, and returns its result or raises its error.

    The calling thread only waits, so it can be interrupted at any time. What is still at work then, or after a lost
    worker, goes on in the background: see `at_work`.

    Raises:
        WorkerLostError: if a thread ends by an uncaught error, and `run` does not notice. Beam watches each of its
            worker processes by a thread that raises when the process fails.
    """
    result: concurrent.futures.Future[_Result] = concurrent.futures.Future()

    def work() -> None:
        try:
            result.set_result(run())
        except BaseException as error:
            result.set_exception(error)

    thread = threading.Thread(target=work, name="beam pipeline", daemon=True)
    with _uncaught_errors() as uncaught:
        thread.start()
        try:
            _wait(result, uncaught)
        except BaseException:
            _abandoned.append(thread)
            raise
    return result.result()


def at_work() -> bool:
    """Whether threads of a pipeline that was given up are still running.

    The interpreter must not be finalized then: they may be in a C library, and would crash the process.
    """
    return any(thread.is_alive() for thread in _abandoned)


def _wait(result: "concurrent.futures.Future[_Result]", uncaught: list[BaseException]) -> None:
    noticed = None
    while not concurrent.futures.wait([result], timeout=_POLL_S).done:
        if uncaught and noticed is None:
            noticed = time.monotonic()
        if noticed is not None and time.monotonic() - noticed > _GRACE_S:
            error = uncaught[0]
            raise WorkerLostError(f"a worker was lost: {str(error) or type(error).__name__}") from error


@contextlib.contextmanager
def _uncaught_errors() -> Iterator[list[BaseException]]:
    """Yields a list to which every error is added by which a thread ends that was started during the context."""
    uncaught: list[BaseException] = []
    others = set(threading.enumerate())
    previous = threading.excepthook

    def note(ended: threading.ExceptHookArgs) -> None:
        if ended.exc_value is not None and ended.thread not in others:
            uncaught.append(ended.exc_value)
        previous(ended)

    threading.excepthook = note
    try:
        yield uncaught
    finally:
        threading.excepthook = previous
