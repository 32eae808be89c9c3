"""Whether the machine may be to blame for an error, and so whether another try may succeed.

Apart from `video_errors.py`, since that is part of the code that the features' cache depends on.
"""

import enum
import errno
import signal
from typing import Final

from components.video_errors import Reason, VideoError

_FAULTS_OF_A_PROGRAM: Final = frozenset(
    {
        signal.SIGABRT,
        signal.SIGBUS,
        signal.SIGFPE,
        signal.SIGILL,
        signal.SIGSEGV,
        signal.SIGSYS,
        signal.SIGTRAP,
    }
)
# Of storage, network mounts, memory and descriptors; others, such as that of invalid data, are of the file.
_FAULTS_OF_THE_MACHINE: Final = frozenset(
    {
        errno.EACCES,
        errno.EAGAIN,
        errno.EBUSY,
        errno.ECONNABORTED,
        errno.ECONNREFUSED,
        errno.ECONNRESET,
        errno.EHOSTDOWN,
        errno.EHOSTUNREACH,
        errno.EINTR,
        errno.EIO,
        errno.EMFILE,
        errno.ENETDOWN,
        errno.ENETRESET,
        errno.ENETUNREACH,
        errno.ENFILE,
        errno.ENODEV,
        errno.ENOLINK,
        errno.ENOMEM,
        errno.ENOTCONN,
        errno.ENXIO,
        errno.EPERM,
        errno.EREMOTEIO,
        errno.ESTALE,
        errno.ETIMEDOUT,
    }
)


class Blame(str, enum.Enum):
    """What is to blame for an error. If it is unclear, the video is blamed after a second try, until the next run."""

    VIDEO = "video"
    UNCLEAR = "unclear"
    MACHINE = "machine"


class BlamedError(VideoError):
    """A `VideoError` that may not be the video's fault."""

    def __init__(self, reason: Reason, detail: str, blame: Blame) -> None:
        super().__init__(reason, detail)
        self.blame = blame


class MachineError(Exception):
    """The machine failed twice; the node fails, so that nothing is recorded as a fault of the video or the model."""


def blame_for(error: VideoError) -> Blame:
    """Returns what is to blame for an error."""
    if isinstance(error, BlamedError):
        return error.blame
    cause = error.__cause__
    if error.reason is Reason.MISSING or (isinstance(cause, OSError) and cause.errno in _FAULTS_OF_THE_MACHINE):
        return Blame.UNCLEAR
    return Blame.VIDEO


def was_killed(returncode: int) -> bool:
    """Whether a process was ended from outside, as when memory is short, rather than by a fault of its own.

    Args:
        returncode: as in `subprocess`, where a negative one is a signal.
    """
    return returncode < 0 and -returncode not in _FAULTS_OF_A_PROGRAM
