"""Runs work in threads and gives it up when nobody waits for it any more."""

import asyncio
import concurrent.futures
import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from starlette.requests import ClientDisconnect, Request

_Result = TypeVar("_Result")
_STOP_AGAIN_S: Final = 0.1


class Stoppable:
    """Lets the code that waits for a piece of work stop it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stop: Callable[[], None] | None = None

    @contextlib.contextmanager
    def stopped_by(self, stop: Callable[[], None]) -> Iterator[None]:
        """Makes `give_up` call `stop` for the duration of the context."""
        with self._lock:
            self._stop = stop
        try:
            yield
        finally:
            with self._lock:
                self._stop = None

    def give_up(self) -> None:
        """Asks the work to stop; called from another thread."""
        with self._lock:
            if self._stop:
                self._stop()


async def finish_while_connected(
    request: Request, pool: concurrent.futures.Executor, work: Callable[[Stoppable], _Result]
) -> _Result:
    """Does the work in a thread of the pool for as long as the caller stays connected.

    The body of the request must have been read to its end.

    Raises:
        ClientDisconnect: if the caller disconnected; the work has ended by then.
    """
    finished = asyncio.create_task(finish(pool, work))
    gone = asyncio.create_task(_gone(request))
    either: set[asyncio.Future[Any]] = {finished, gone}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if finished.done():
            return finished.result()
        finished.cancel()
        await asyncio.wait({finished})
        raise ClientDisconnect
    finally:
        gone.cancel()
        # When the service shuts down, this coroutine itself is cancelled.
        finished.cancel()


async def finish(pool: concurrent.futures.Executor, work: Callable[[Stoppable], _Result]) -> _Result:
    """Does the work in a thread of the pool; once cancelled, it ends when the work has."""
    stoppable = Stoppable()
    at_work = pool.submit(work, stoppable)
    ended = asyncio.wrap_future(at_work)
    try:
        return await asyncio.shield(ended)
    finally:
        at_work.cancel()
        # Repeated, because asking has no effect while the work is outside `stopped_by`.
        while not at_work.done():
            stoppable.give_up()
            await asyncio.wait({ended}, timeout=_STOP_AGAIN_S)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
