"""Makes items while the ones before are used."""

import collections
import concurrent.futures
from collections.abc import Iterator
from typing import TypeVar

_Item = TypeVar("_Item")


def made_ahead(items: Iterator[_Item], count: int) -> Iterator[_Item]:
    """Yields the items, none of which is None; the next `count` are made in a thread while the caller uses this one."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting = collections.deque(pool.submit(next, items, None) for _ in range(count))
        try:
            while (item := waiting.popleft().result()) is not None:
                waiting.append(pool.submit(next, items, None))
                yield item
        finally:
            for each in waiting:
                each.cancel()
