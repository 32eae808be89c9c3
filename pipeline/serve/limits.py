"""What callers may ask of the service."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager


@dataclasses.dataclass(frozen=True)
class Limits:
    """Of one service.

    Attributes:
        upload_bytes: the largest body that is read.
        upload_s: seconds after which a body that is not complete is given up.
        at_work: videos that are decoded and scored at the same time.
        waiting: requests that may wait beyond those, their uploads counted in.
    """

    upload_bytes: int = 200 << 20
    upload_s: float = 60.0
    at_work: int = 2
    waiting: int = 8


class TooManyRequestsError(Exception):
    """All places are taken."""


class Places:
    """Counts the requests that are in the house. Used by the event loop alone, so it needs no lock."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.taken = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """Takes a place, and gives it back.

        Raises:
            TooManyRequestsError: if there is none.
        """
        if self.taken >= self._count:
            raise TooManyRequestsError
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
