"""Words for what the system refuses: the file, the reason, and what to do."""

import errno
import os
import re
import sys
from typing import Any, Final, NamedTuple

_REMEDIES: Final = {
    errno.EACCES: "correct its permissions, or name another place",
    errno.EPERM: "correct its permissions, or name another place",
    errno.EROFS: "name a place that can be written",
    errno.EISDIR: "name a file",
    errno.ENOENT: "correct the path",
    errno.ENOTDIR: "correct the path",
    errno.ELOOP: "remove the link that leads to itself",
    errno.ENAMETOOLONG: "give a shorter name",
}
"""For what the user can correct."""

_FURTHER_REMEDIES: Final = {
    errno.ENOSPC: "make room there, and type the command again",
    errno.EDQUOT: "make room there, and type the command again",
    errno.EFBIG: "raise the limit (ulimit -f), and type the command again",
    errno.EMFILE: "raise the limit (ulimit -n), and type the command again",
    errno.EIO: "check the disk, and type the command again",
}
_TYPE_AGAIN: Final = "mend that, and type the command again"
# What Python prints of an OSError.
_PRINTED: Final = re.compile(r"\[Errno (\d+)\] [^\n:]*(?:: '([^\n']*)')?")


class FileFault(NamedTuple):
    """What is wrong with a file, as a line for people, and whether it is the user's to correct."""

    line: str
    users: bool


def find_fault(error: BaseException) -> FileFault | None:
    """Returns the fault of a file or a device that the error is about; None if it is about anything else."""
    found = as_os_error(error)
    if found is None:
        return None
    # Writing to a file that is open tells no name; where the project writes, it adds one.
    where = os.fsdecode(found.filename) if isinstance(found.filename, str | bytes) else "output"
    remedy = _REMEDIES.get(found.errno or 0)
    further = remedy or _FURTHER_REMEDIES.get(found.errno or 0, _TYPE_AGAIN)
    return FileFault(f"{where}: {reason(found)}; {further}", users=remedy is not None)


def as_os_error(error: BaseException) -> OSError | None:
    """Returns an error of the system as Python's; None if it is of another kind.

    TensorFlow words such errors as PATH; REASON, and Beam puts a worker's error into the text of its own.
    """
    if isinstance(error, OSError):
        return error
    if isinstance(error, _op_errors()):
        path, _, words = error.message.rpartition("; ")
        number = next((number for number in errno.errorcode if os.strerror(number) == words), None)
        if number is None and type(error).__name__ == "NotFoundError":
            number, path = errno.ENOENT, error.message
        return None if number is None else OSError(number, os.strerror(number), path or None)
    if isinstance(error, RuntimeError) and (printed := list(_PRINTED.finditer(str(error)))):
        number, path = int(printed[-1][1]), printed[-1][2]
        return OSError(number, os.strerror(number), path)
    return None


def is_missing(error: BaseException) -> bool:
    """Whether the error is that a file is not there."""
    found = as_os_error(error)
    return found is not None and (found.errno == errno.ENOENT or isinstance(found, FileNotFoundError))


def reason(error: OSError) -> str:
    """Returns the system's words for the error, or the error's own."""
    return error.strerror or " ".join(str(error).split()) or type(error).__name__


def _op_errors() -> tuple[Any, ...]:
    # If it was never imported, it has raised nothing.
    errors = getattr(sys.modules.get("tensorflow"), "errors", None)
    return (errors.OpError,) if errors else ()
