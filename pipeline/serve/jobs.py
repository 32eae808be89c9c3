"""Work in threads that is given up when its caller is gone."""

import asyncio
import concurrent.futures
import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from starlette.requests import ClientDisconnect, Request

_Result = TypeVar("_Result")
_STOP_AGAIN_S: Final = 0.1


class Job:
    """What a piece of work and the one who waits for it know of each other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stop: Callable[[], None] | None = None

    @contextlib.contextmanager
    def stopped_by(self, stop: Callable[[], None]) -> Iterator[None]:
        """While the context lives, and no longer, `give_up` calls `stop`."""
        with self._lock:
            self._stop = stop
        try:
            yield
        finally:
            with self._lock:
                self._stop = None

    def give_up(self) -> None:
        """Asks the work to end; called from another thread."""
        with self._lock:
            if self._stop:
                self._stop()


async def finish_while_connected(
    request: Request, pool: concurrent.futures.Executor, work: Callable[[Job], _Result]
) -> _Result:
    """Does the work in a thread of the pool, as long as the caller of a request, read to its end, is there.

    Raises:
        ClientDisconnect: if the caller left; the work has ended by then.
    """
    job = Job()
    at_work = pool.submit(work, job)
    ended = asyncio.wrap_future(at_work)
    gone = asyncio.create_task(_gone(request))
    either: set[asyncio.Future[Any]] = {ended, gone}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            return ended.result()
        at_work.cancel()
        # What is not begun yet cannot be stopped, so once may not do.
        while not ended.done():
            job.give_up()
            await asyncio.wait({ended}, timeout=_STOP_AGAIN_S)
        raise ClientDisconnect
    finally:
        gone.cancel()
        # Where the service ends, this is cancelled itself.
        at_work.cancel()
        job.give_up()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
