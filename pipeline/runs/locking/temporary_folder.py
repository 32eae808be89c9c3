"""Temporary folders that outlive no process: what a killed one left is removed when the next one starts."""

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import weakref
from collections.abc import Iterator
from typing import Final

from components.errors import UserError

_RUN: Final = "deepfake-run-"


class TemporaryFolder:
    """A private folder, removed with the process; creating one removes those of dead processes.

    Attributes:
        path: of the folder.
        close: removes it.
    """

    def __init__(self, prefix: str) -> None:
        """Creates a folder whose name begins with `prefix`, in the folder for temporary files."""
        _sweep(tempfile.gettempdir(), prefix)
        # Renamed only once it is locked, so that no other process removes it as left behind.
        fresh = tempfile.mkdtemp(prefix=f".{prefix}")
        lock = os.open(fresh, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        parent, name = os.path.split(fresh)
        self.path = os.path.join(parent, name[1:])
        os.rename(fresh, self.path)
        self.close = weakref.finalize(self, _remove, self.path, lock)


@contextlib.contextmanager
def own_temporary_files() -> Iterator[None]:
    """Puts all temporary files of this process and its children into one folder, for the duration of the context.

    TensorFlow and Beam remove theirs only at a normal end of the process, if at all.

    Raises:
        UserError: if there is no room for temporary files.
    """
    try:
        folder = TemporaryFolder(_RUN)
    except OSError as error:
        where = os.environ.get("TMPDIR", "/tmp")
        raise UserError(
            f"{where}: no temporary folder can be made there ({error.strerror}); make room, or export TMPDIR=..."
        ) from error
    previous, variable = tempfile.tempdir, os.environ.get("TMPDIR")
    tempfile.tempdir = os.environ["TMPDIR"] = folder.path
    try:
        yield
    finally:
        tempfile.tempdir = previous
        if variable is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = variable
        folder.close()


def _sweep(parent: str, prefix: str) -> None:
    for entry in os.scandir(parent):
        if not entry.name.startswith(prefix):
            continue
        with contextlib.suppress(FileNotFoundError):
            found = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid():
                _remove_unless_locked(entry.path)


def _remove_unless_locked(path: str) -> None:
    lock = os.open(path, os.O_RDONLY)
    try:
        # The kernel releases a lock when its process ends, however it ends.
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
    else:
        _remove(path, lock)


def _remove(path: str, lock: int) -> None:
    shutil.rmtree(path, ignore_errors=True)
    os.close(lock)
