"""Limits on what callers may send to the service."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@dataclasses.dataclass(frozen=True)
class Limits:
    """The limits of one service.

    Attributes:
        upload_bytes: the largest form that is read.
        upload_s: seconds after which an incomplete body is given up.
        at_work: videos decoded and scored at the same time.
        waiting: further requests that may wait, with complete bodies.
        json_bytes: the largest JSON body that is read; 20 frames of 2,048 features take about half of that.
        uploads: bodies that may be uploaded at the same time.
        held_bytes: total size of all bodies that are not answered yet.
        sync_s: seconds of the longest video whose caller is made to wait; others become jobs.
        jobs: that are at work, wait or are done and not forgotten yet.
        job_s: seconds that a job may take.
        job_age_s: seconds after which a job that has ended is forgotten.
    """

    upload_bytes: int = 200 << 20
    upload_s: float = 60.0
    at_work: int = 2
    waiting: int = 8
    json_bytes: int = 2 << 20
    uploads: int = 128
    held_bytes: int = 4 << 30
    sync_s: float = 60.0
    jobs: int = 64
    job_s: float = 6 * 3600.0
    job_age_s: float = 3600.0


class TooManyRequestsError(Exception):
    """A limit on concurrent requests, or on their bytes, is reached."""


class Room:
    """Limits a number of requests or bytes. Only used in the event loop, so it needs no lock."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.taken = 0

    @property
    def is_full(self) -> bool:
        """Whether the limit is reached."""
        return self.taken >= self._size

    @contextmanager
    def one(self) -> Iterator[None]:
        """Takes one place for the duration of the context.

        Raises:
            TooManyRequestsError: if the limit is reached.
        """
        with self.share() as take:
            take(1)
            yield

    @contextmanager
    def share(self) -> Iterator[Callable[[int], None]]:
        """Yields a function that takes places, or raises TooManyRequestsError; they are released with the context."""
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
