"""Regular files, which can be read to their end; anything else, such as a pipe, may block forever."""

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
