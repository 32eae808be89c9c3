"""Where the service keeps what it was sent while it looks at it, and what became of services that were killed."""

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
    """A private folder of temporary files that ends with the process; those of processes that are gone end now."""

    def __init__(self) -> None:
        _sweep(tempfile.gettempdir())
        # Under its name only once it is locked, so that nobody takes it for one that was left behind.
        fresh = tempfile.mkdtemp(prefix=f".{_PREFIX}")
        lock = os.open(fresh, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        parent, name = os.path.split(fresh)
        self.path = os.path.join(parent, name[1:])
        os.rename(fresh, self.path)
        self.close = weakref.finalize(self, _remove, self.path, lock)

    @contextlib.contextmanager
    def named_copy(self, file: BinaryIO) -> Iterator[str]:
        """Moves what was uploaded to a path with a name of our own, as long as the context lives."""
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
        # The kernel gives up a lock with its process, however that ended.
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
    else:
        _remove(path, lock)


def _remove(path: str, lock: int) -> None:
    shutil.rmtree(path, ignore_errors=True)
    os.close(lock)
