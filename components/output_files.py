"""Files and folders that a command is asked to write: proved before its work, and written whole after it."""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator

from components.errors import UserError
from components.file_faults import reason
from components.uris import is_remote
from components.whole_files import partial_name, write_whole

# A full disk takes empty files.
_BLOCK = bytes(4096)


def require_writable(name: str, path: str) -> None:
    """Proves that a file can be written, by writing another in its place; nothing is changed.

    Args:
        name: the option or the key that names it, for the error.
        path: a local path. Of a bucket nothing is known before something is written.

    Raises:
        UserError: if it is a folder, or cannot be written.
    """
    if is_remote(path):
        return
    try:
        if os.path.isdir(path) or path.endswith("/"):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        _require_permission(path)
        if not _is_special(path):
            _try_writing(os.path.realpath(path))
    except (OSError, ValueError) as error:
        raise UserError(f"{name} {path}: cannot be written ({_reason(error)}); give another file") from error


def require_writable_folder(name: str, folder: str) -> None:
    """Proves that files can be written to a folder, which need not exist; nothing is changed.

    Args:
        name: the option or the key that names it, for the error.
        folder: a local path. Of a bucket nothing is known before something is written.

    Raises:
        UserError: if they cannot.
    """
    if is_remote(folder):
        return
    try:
        _try_writing(os.path.join(os.path.realpath(folder), "file"))
    except (OSError, ValueError) as error:
        raise UserError(f"{name} {folder}: cannot be written ({_reason(error)}); give another folder") from error


def write_output(path: str, content: bytes) -> None:
    """Writes a file whole, as the shell would find it: through links, and into devices and pipes.

    Raises:
        OSError: if a local file cannot be written; it is as it was.
    """
    if is_remote(path):
        write_whole(path, content)
    elif _is_special(path):
        try:
            with open(path, "wb") as file:
                file.write(content)
        except OSError as error:
            # Writing tells none.
            error.filename = path
            raise
    else:
        write_whole(os.path.realpath(path), content)


def _require_permission(path: str) -> None:
    """Refuses to replace a file that could not be written itself."""
    if not os.path.exists(path):
        return
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    folder, file = os.stat(os.path.dirname(os.path.realpath(path))), os.stat(path)
    if folder.st_mode & stat.S_ISVTX and os.geteuid() not in (0, folder.st_uid, file.st_uid) and not _is_special(path):
        # As in /tmp, where nobody may rename what is another's.
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


def _is_special(path: str) -> bool:
    """Whether there is something that is neither a file nor a folder, such as /dev/stdout."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _try_writing(path: str) -> None:
    partial = partial_name(path)
    with _folder_for_now(os.path.dirname(path)):
        try:
            with open(partial, "xb") as file:
                file.write(_BLOCK)
        finally:
            with contextlib.suppress(OSError):
                os.remove(partial)


@contextlib.contextmanager
def _folder_for_now(folder: str) -> Iterator[None]:
    """Makes a folder, and removes at the end what of it was not there."""
    missing = []
    while not os.path.lexists(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    try:
        for each in reversed(missing):
            os.mkdir(each)
        yield
    finally:
        for each in missing:
            with contextlib.suppress(OSError):
                os.rmdir(each)


def _reason(error: OSError | ValueError) -> str:
    return reason(error) if isinstance(error, OSError) else str(error)
