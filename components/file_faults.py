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
_OF_WRITING: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
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
    # Writing tells no name. Where the project writes to a file, it adds one, so what is left is standard output.
    output = "output" if found.errno in _OF_WRITING else ""
    where = os.fsdecode(found.filename) if isinstance(found.filename, str | bytes) else output
    remedy = _REMEDIES.get(found.errno or 0)
    further = remedy or _FURTHER_REMEDIES.get(found.errno or 0, _TYPE_AGAIN)
    return FileFault(f"{where}{': ' if where else ''}{reason(found)}; {further}", users=remedy is not None)


def as_os_error(error: BaseException) -> OSError | None:
    """Returns an error of the system as Python's; None if it is of another kind.

    TensorFlow words such errors as PATH; REASON, and Beam puts a worker's error into the text of its own.
    """
    if isinstance(error, OSError):
        return error
    if isinstance(error, _op_errors()):
        path, _, words = error.message.rpartition("; ")
        number = next((number for number in errno.errorcode if os.strerror(number) == words), None)
        return None if number is None else OSError(number, os.strerror(number), path or None)
    if isinstance(error, RuntimeError) and (printed := list(_PRINTED.finditer(str(error)))):
        number, path = int(printed[-1][1]), printed[-1][2]
        return OSError(number, os.strerror(number), path)
    return None


def reason(error: OSError) -> str:
    """Returns the system's words for the error, or the error's own."""
    return error.strerror or " ".join(str(error).split()) or type(error).__name__


def _op_errors() -> tuple[Any, ...]:
    # If it was never imported, it has raised nothing.
    errors = getattr(sys.modules.get("tensorflow"), "errors", None)
    return (errors.OpError,) if errors else ()
