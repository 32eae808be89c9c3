"""One push to a local folder at a time, and in a bucket, which knows no locks, a number for each."""

import contextlib
import fcntl
import os
import random
import time
import uuid
from collections.abc import Iterator

from components import storage
from components.errors import UserError
from components.node_progress import report_progress
from components.uris import is_remote

_PATIENCE_S = 600.0
_PAUSE_S = 0.1


@contextlib.contextmanager
def kept_to_oneself(folder: str, patience_s: float = _PATIENCE_S) -> Iterator[bool]:
    """Locks a folder against other pushes, and creates it; the system unlocks it however this process ends.

    Yields:
        Whether it is locked. Buckets and some network file systems know no locks.

    Raises:
        UserError: if another push has not ended after `patience_s` seconds.
    """
    if is_remote(folder):
        yield False
        return
    os.makedirs(folder, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield _lock(handle, folder, time.monotonic() + patience_s)
    finally:
        os.close(handle)


def _lock(handle: int, folder: str, latest: float) -> bool:
    told = False
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > latest:
                raise UserError(
                    f"{folder}: another run has been pushing there for minutes; end it, and type the same command again"
                ) from error
        except OSError:
            return False
        else:
            return True
        if not told:
            report_progress("waiting for the push of another run")
            told = True
        time.sleep(_PAUSE_S)


@contextlib.contextmanager
def claimed_number(folder: str, number: int) -> Iterator[int]:
    """Yields a version's number, the given one or a higher one, that no other push to the bucket's folder has.

    A push first writes its claim, and then looks for others: of two that choose a number at the same moment, at least
    the later one sees both, and goes on to another number.
    """
    while True:
        # Without a folder of its own, which gateways to file systems may lose when it is emptied and filled at once.
        claim = f".{number}.{uuid.uuid4().hex}"
        place = os.path.join(folder, claim)
        storage.write_bytes(place, b"claimed")
        try:
            if [name for name in storage.listdir(folder) if name.startswith(f".{number}.")] == [claim]:
                yield number
                return
        finally:
            storage.remove(place)
        # If each sees the other, both go on; a killed push leaves its claim.
        number += random.randint(1, 9)
