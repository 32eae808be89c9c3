"""Makes sure that a file is the store of a run before ML Metadata opens it, which waits for a lock for ever."""

import contextlib
import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from typing import Final

from components.errors import UserError
from components.notices import notify
from pipeline.runs.store_file.lock_holders import lock_holders

STORE_WAIT_S: Final = 60.0
"""Seconds to wait for a store that another process has locked."""

_POLL_S = 0.1
# Runs lock their stores all the time, for milliseconds.
_UNWORTHY_OF_NOTICE_S = 2.0
_NOTICE_S = 10.0
_HEADER = b"SQLite format 3\0"


class DamagedStoreError(UserError):
    """The file is not the store of a run, or can no longer be read."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"{path}: no store of a run can be read there ({reason}); put back a copy of it, or remove it: the next "
            "deepfake run of that name then makes everything anew"
        )


class LockedStoreError(UserError):
    """Another process has had the store locked for too long."""


def require_store(path: str, *, to_write: bool = False) -> None:
    """Checks that the file is a store, or one to be made: an empty file, or none; waits while it is locked.

    Args:
        path: of the file.
        to_write: whether readers are waited for, too.

    Raises:
        DamagedStoreError: if it is anything else.
        LockedStoreError: if another process has it locked for more than `STORE_WAIT_S`.
        UserError: if it cannot be read, or not be written.
    """
    if not _has_content(path):
        return
    if to_write and not os.access(path, os.W_OK):
        raise UserError(f"{path}: cannot be written; correct your access, or choose another folder for runs")
    for waited_s in _while_locked(path):
        try:
            _look_into(path, to_write=to_write)
        except sqlite3.DatabaseError as error:
            if not _is_locked(error):
                raise DamagedStoreError(path, str(error)) from error
            if waited_s >= STORE_WAIT_S:
                raise LockedStoreError(
                    f"{path}: still locked by {lock_holders(path)} after {waited_s:.0f} s; end that process or what "
                    "it does there, and type the same again"
                ) from error
        else:
            return


def _has_content(path: str) -> bool:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise DamagedStoreError(path, "it is not a file")
        with open(path, "rb") as file:
            header = file.read(len(_HEADER))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); correct your access") from error
    if header and header != _HEADER:
        raise DamagedStoreError(path, "it is not a database of SQLite")
    return bool(header)


def _while_locked(path: str) -> Iterator[float]:
    """Yields the seconds waited so far, until the caller stops asking; tells what is waited for."""
    start, told_s = time.monotonic(), _UNWORTHY_OF_NOTICE_S - _NOTICE_S
    while True:
        waited_s = time.monotonic() - start
        yield waited_s
        if waited_s >= told_s + _NOTICE_S:
            told_s = waited_s
            notify(f"{path}: locked by {lock_holders(path)}; waiting, {waited_s:.0f} of at most {STORE_WAIT_S:.0f} s")
        time.sleep(_POLL_S)


def _look_into(path: str, *, to_write: bool) -> None:
    # Not read-only, so that what a killed process has left half-done can be undone.
    with contextlib.closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if tables and "MLMDEnv" not in tables:
            raise DamagedStoreError(path, "it is a database of something else")
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise DamagedStoreError(path, " ".join(found.split()))
        if to_write:
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")


def _is_locked(error: sqlite3.DatabaseError) -> bool:
    # By its text, since Python 3.10 tells no code.
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)
