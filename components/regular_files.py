"""Regular files, which can be read to their end; anything else, such as a pipe, may block forever."""

import errno
import io
import os
import stat

from components.video_errors import Reason, VideoError

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def require_regular_file(path: str) -> None:
    """Checks, without opening it, that `path` is a regular file or a link to one.

    Raises:
        VideoError: `missing` if nothing is there, `not_a_video` if it is not a regular file.
    """
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError) as error:
        raise VideoError(Reason.MISSING, f"{path} is not there") from error
    if not stat.S_ISREG(mode):
        raise VideoError(Reason.NOT_A_VIDEO, f"{_KINDS.get(stat.S_IFMT(mode), 'something else')}, not a file")


def open_regular_file(path: str) -> io.FileIO:
    """Opens a file for reading.

    Raises:
        VideoError: see `require_regular_file`.
        OSError: if it cannot be opened.
    """
    require_regular_file(path)
    # O_NONBLOCK: does not hang if the file has just been replaced by a pipe.
    return io.FileIO(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK))


def read_regular_file(path: str, *, max_bytes: int | None = None) -> bytes:
    """Reads a file whole, without waiting at a pipe or a device.

    Raises:
        ValueError: if it is something else than a file, a link that leads nowhere, or larger than `max_bytes`.
        OSError: if it is missing, or cannot be read.
    """
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        if os.path.islink(path):
            raise ValueError("a link that leads nowhere") from None
        raise
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise ValueError("a link that leads to itself") from None
        raise
    if not stat.S_ISREG(mode):
        raise ValueError(f"{_KINDS.get(stat.S_IFMT(mode), 'something else')}, not a file")
    with io.FileIO(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)) as file:
        content = file.readall() if max_bytes is None else file.read(max_bytes + 1)
    if max_bytes is not None and len(content) > max_bytes:
        raise ValueError(f"larger than {max_bytes} bytes")
    return content
