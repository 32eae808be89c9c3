"""The temporary folder for uploads, and the removal of those that killed services left behind."""

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import weakref
from collections.abc import Iterator
from typing import BinaryIO, Final

_PREFIX: Final = "deepfake-serve-"
_NAME: Final = "video"


class UploadFolder:
    """A private temporary folder, removed with the process; creating one removes those of dead processes."""

    def __init__(self) -> None:
        _sweep(tempfile.gettempdir())
        # Renamed only once it is locked, so that no other service removes it as left behind.
        fresh = tempfile.mkdtemp(prefix=f".{_PREFIX}")
        lock = os.open(fresh, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        parent, name = os.path.split(fresh)
        self.path = os.path.join(parent, name[1:])
        os.rename(fresh, self.path)
        self.close = weakref.finalize(self, _remove, self.path, lock)

    @contextlib.contextmanager
    def named_copy(self, file: BinaryIO) -> Iterator[str]:
        """Yields the path of a copy of an upload, under a name of our own, that exists as long as the context."""
        with tempfile.TemporaryDirectory(dir=self.path) as folder:
            path = os.path.join(folder, _NAME)
            with file, open(path, "wb") as target:
                file.seek(0)
                shutil.copyfileobj(file, target, 1 << 20)
            yield path


def _sweep(parent: str) -> None:
    for entry in os.scandir(parent):
        if not entry.name.startswith(_PREFIX):
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
