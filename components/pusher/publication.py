"""Makes a version of a model in a push destination, so that nobody who watches it ever sees a part of one."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping

from components import storage
from components.folders import copy_files
from components.pusher.exclusion import claimed_number
from components.pusher.versions import next_version, numbered_versions, version_number
from components.served_model.version_files import FILES_FILE, GRAPH
from components.uris import is_remote
from components.whole_files import PARTIAL_SUFFIX

_SAVED_MODEL = {GRAPH, "fingerprint.pb", "variables", "assets", "assets.extra"}


def publish(folder: str, write: Callable[[str], None], *, alone: bool) -> str:
    """Makes a version with a number above all others, and returns its path.

    On this machine it is written to a hidden folder beside its place, which then gets its name. A bucket renames
    nothing: there its list of files comes last.

    Args:
        folder: the push destination; it exists, unless it is in a bucket.
        write: writes the model and its list of files to the empty local folder that it is given.
        alone: whether no other push can be at work there, so that what looks like one was killed.

    Raises:
        UserError: if there is no higher number.
    """
    if is_remote(folder):
        with tempfile.TemporaryDirectory(prefix="deepfake-push-") as staging:
            write(staging)
            with claimed_number(folder, next_version(folder)) as number:
                target = os.path.join(folder, str(number))
                copy_files(staging, target, last=[GRAPH, FILES_FILE])
        return target
    if alone:
        _remove_leftovers(folder)
    number, hidden = _make_hidden(folder, next_version(folder))
    try:
        write(hidden)
        _flush(hidden)
        # Whoever knows nothing of the lock may have come first.
        while os.path.lexists(target := os.path.join(folder, str(number))):
            number += 1
        os.rename(hidden, target)
    except BaseException:
        shutil.rmtree(hidden, ignore_errors=True)
        raise
    _flush_entry(folder)
    return target


def find_unservable(folder: str) -> dict[str, str]:
    """Returns what is wrong with each version that no server can load, by path, if nothing but a push can have left it.

    In a bucket it may still be arriving, so there are none.
    """
    if is_remote(folder):
        return {}
    return {
        path: f"{GRAPH} is missing"
        for _, path in numbered_versions(folder)
        if os.path.isdir(path) and GRAPH not in (names := os.listdir(path)) and _SAVED_MODEL.issuperset(names)
    }


def remove_torn(torn: Mapping[str, str]) -> list[str]:
    """Removes versions that are not whole, and returns a line about each.

    In a bucket they stay, where no reader takes them for a model.

    Args:
        torn: by path, what is wrong with it.
    """
    return [
        f"version {os.path.basename(path)} was not whole ({damage})" + (", and is removed" if _remove(path) else "")
        for path, damage in torn.items()
    ]


def _remove(version: str) -> bool:
    if is_remote(version):
        return False
    folder, name = os.path.split(version)
    hidden = _hidden(folder, int(name))
    try:
        # A server that watches must not see it lose one file after the other.
        os.rename(version, hidden)
    except OSError:
        return False
    shutil.rmtree(hidden, ignore_errors=True)
    return True


def _make_hidden(folder: str, number: int) -> tuple[int, str]:
    while True:
        hidden = _hidden(folder, number)
        try:
            os.mkdir(hidden)
        except FileExistsError:
            # Another push's, where the file system knows no locks.
            number += 1
        else:
            return number, hidden


def _hidden(folder: str, number: int) -> str:
    return os.path.join(folder, f".{number}{PARTIAL_SUFFIX}")


def _remove_leftovers(folder: str) -> None:
    """Removes what killed pushes left, where the lock says that no other push is at work."""
    for name in os.listdir(folder):
        number = name.removeprefix(".").removesuffix(PARTIAL_SUFFIX)
        if version_number(number) is not None and name == f".{number}{PARTIAL_SUFFIX}":
            shutil.rmtree(os.path.join(folder, name), ignore_errors=True)


def _flush(folder: str) -> None:
    """Waits until all is on the disk: a power failure after the renaming must not leave a folder of empty files."""
    for path in _everything(folder):
        _flush_entry(path)


def _everything(folder: str) -> Iterator[str]:
    for parent, _, names in storage.walk(folder):
        yield from (os.path.join(parent, name) for name in names)
        yield parent


def _flush_entry(path: str) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        # Some file systems cannot do it for folders.
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
