"""Files that can be read to their end; what else a name may stand for, such as a pipe, may never answer."""

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
    """Makes sure, without opening it, that `path` is a file, or leads to one.

    Raises:
        VideoError: `missing` if nothing is there, `not_a_video` if it is no file.
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
        VideoError: as `require_regular_file`.
        OSError: if it cannot be opened.
    """
    require_regular_file(path)
    # Does not wait, should the file have been replaced by a pipe just now.
    return io.FileIO(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK))
