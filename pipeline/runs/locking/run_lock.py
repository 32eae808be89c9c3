"""Keeps a second command out of a run's folder, whose store, training state and results have one writer at a time.

The kernel holds the lock and releases it when the process ends, however it ends. The file tells who holds it. Where the
file system has no locks, or does not show them to other machines, the file alone decides: its time of modification is
the holder's sign of life.
"""

import atexit
import contextlib
import enum
import errno
import fcntl
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from typing import Final

from components.errors import UserError
from pipeline.runs.locking.holder import Holder

LOCK_FILE: Final = "run.lock"
SIGN_OF_LIFE_S: Final = 15.0
"""Seconds between two signs of life."""
SILENCE_S: Final = 90.0
"""A holder on another machine that gave no sign of life for so many seconds is dead."""

_UNSUPPORTED = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL}
_MAX_SIZE = 4096
_SETTLED_S = 0.2

_until_exit = contextlib.ExitStack()
_held_until_exit: set[str] = set()
atexit.register(_until_exit.close)


class _Kernel(enum.Enum):
    """The kernel's answer to the wish for a lock."""

    LOCKED = "locked"
    REFUSED = "refused"
    UNSUPPORTED = "unsupported"


@contextlib.contextmanager
def held(run_dir: str, command: str) -> Iterator[None]:
    """Holds an existing run's folder for the duration of the context.

    Args:
        run_dir: folder of the run.
        command: what is done there, for whoever is refused meanwhile.

    Raises:
        UserError: if another process holds it, or the lock file cannot be written.
    """
    path = os.path.join(run_dir, LOCK_FILE)
    try:
        descriptor = _take(path, command)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}); choose another folder for runs") from error
    done = threading.Event()
    living = threading.Thread(target=_give_signs_of_life, args=(descriptor, done), daemon=True)
    living.start()
    try:
        yield
    finally:
        done.set()
        living.join()
        if _is_at(descriptor, path):
            # Before the lock is released: whoever opened the file meanwhile sees that it is no longer there.
            os.remove(path)
        os.close(descriptor)


def hold_until_exit(run_dir: str, command: str) -> None:
    """Holds an existing run's folder until this process ends; once is enough.

    Raises:
        UserError: as `held`.
    """
    folder = os.path.realpath(run_dir)
    if folder not in _held_until_exit:
        _until_exit.enter_context(held(folder, command))
        _held_until_exit.add(folder)


def _take(path: str, command: str) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            answer = _ask_kernel(descriptor)
            if _is_at(descriptor, path):
                _require_free(path, descriptor, answer)
            # Its holder has removed it in between; one that has ended since then looks like one that was killed.
            if not _is_at(descriptor, path):
                os.close(descriptor)
                continue
            _describe(path, descriptor, command, answer)
        except BaseException:
            with contextlib.suppress(OSError):
                os.close(descriptor)
            raise
        return descriptor


def _ask_kernel(descriptor: int) -> _Kernel:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _Kernel.REFUSED
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
        return _Kernel.UNSUPPORTED
    return _Kernel.LOCKED


def _require_free(path: str, descriptor: int, answer: _Kernel) -> None:
    if answer is _Kernel.REFUSED:
        # Whoever has taken it just now is about to write its name over that of a dead one.
        time.sleep(_SETTLED_S)
    holder = _read(descriptor)
    if holder is None:
        busy = answer is _Kernel.REFUSED
    elif holder.is_alive is not None:
        # A child that a killed holder forked may keep the kernel's lock.
        busy = holder.is_alive
    elif answer is _Kernel.LOCKED and holder.is_on_this_machine:
        busy = False
    else:
        busy = answer is _Kernel.REFUSED or _silence_s(path) < SILENCE_S
    if busy:
        raise _refusal(path, holder)


def _refusal(path: str, holder: Holder | None) -> UserError:
    who = str(holder) if holder else "another process"
    hint = ""
    if holder and holder.is_alive is None:
        hint = f"; if that was killed, type the same again in {SILENCE_S:.0f} s"
    return UserError(f"{os.path.dirname(path)}: {who} is at work there; wait for it, or give another run's name{hint}")


def _read(descriptor: int) -> Holder | None:
    return Holder.from_json(os.pread(descriptor, _MAX_SIZE, 0))


def _describe(path: str, descriptor: int, command: str, answer: _Kernel) -> None:
    """Writes who holds the folder; of two that take it at once without the kernel's lock, the later one stays."""
    content = Holder.this_process(command).to_json()
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, content, 0)
    if answer is _Kernel.LOCKED:
        return
    time.sleep(_SETTLED_S)
    if os.pread(descriptor, _MAX_SIZE, 0) != content:
        raise _refusal(path, _read(descriptor))


def _is_at(descriptor: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def _silence_s(path: str) -> float:
    """Returns the seconds since the last sign of life, by the clock of the file system rather than of this machine."""
    with tempfile.TemporaryFile(dir=os.path.dirname(path)) as now:
        return os.fstat(now.fileno()).st_mtime - os.stat(path).st_mtime


def _give_signs_of_life(descriptor: int, done: threading.Event) -> None:
    while not done.wait(SIGN_OF_LIFE_S):
        with contextlib.suppress(OSError):
            os.utime(descriptor)
