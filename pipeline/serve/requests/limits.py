"""What callers may ask of the service."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@dataclasses.dataclass(frozen=True)
class Limits:
    """Of one service.

    Attributes:
        upload_bytes: the largest form that is read.
        upload_s: seconds after which a body that is not complete is given up.
        at_work: videos that are decoded and scored at the same time.
        waiting: requests that may wait beyond those, their bodies complete.
        json_bytes: the largest JSON body that is read; 20 frames of features take about half of it.
        uploads: bodies that may be on their way at the same time.
        held_bytes: of all bodies together, until they are answered.
    """

    upload_bytes: int = 200 << 20
    upload_s: float = 60.0
    at_work: int = 2
    waiting: int = 8
    json_bytes: int = 2 << 20
    uploads: int = 128
    held_bytes: int = 4 << 30


class TooManyRequestsError(Exception):
    """There is no room for one more."""


class Room:
    """Counts what is in the house, requests or bytes. Used by the event loop alone, so it needs no lock."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.taken = 0

    @property
    def is_full(self) -> bool:
        """Whether nothing more fits."""
        return self.taken >= self._size

    @contextmanager
    def one(self) -> Iterator[None]:
        """Takes a place, and gives it back.

        Raises:
            TooManyRequestsError: if there is none.
        """
        with self.share() as take:
            take(1)
            yield

    @contextmanager
    def share(self) -> Iterator[Callable[[int], None]]:
        """Gives a function that takes so many more, or raises a TooManyRequestsError; all are given back in the end."""
        mine = 0

        def take(count: int) -> None:
            nonlocal mine
            if self.taken + count > self._size:
                raise TooManyRequestsError
            self.taken += count
            mine += count

        try:
            yield take
        finally:
            self.taken -= mine
