"""The error of a failed node, with what came first as its reason."""

import errno
import re
import resource
from collections.abc import Iterator
from typing import Final

from components.errors import UserError

_NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# As Python, TensorFlow and SQLite say it.
_NO_SPACE_TEXT: Final = re.compile(
    "No space left on device|Disk quota exceeded|File too large|database or disk is full", re.IGNORECASE
)
_NAMED: Final = re.compile(r"(?:No space left on device|Disk quota exceeded|File too large): ['\"]?(/[^'\"\[\]]+)")
# As Python, TensorFlow and C++ say it.
_NO_MEMORY: Final = re.compile(
    r"MemoryError|can't start new thread|Cannot allocate memory|bad_alloc|Resource exhausted|out of memory|OOM when"
)
# Beam adds the step, and tells the error of a worker as the text of its traceback.
_STEP: Final = re.compile(r" \[while running '.*")
_OUR_CLASS: Final = re.compile(r"^(?:\w+: )*components\.[\w.]+: ")
_TRACEBACK: Final = "Traceback (most recent call last):"
_OF_THE_STORE: Final = "query: "


class NodeFailedError(Exception):
    """A node of the run failed.

    Attributes:
        node: its id.
        reason: the first cause, as one line.
        details: the lines of the table of a `UserError`.
        users_fault: whether the first cause is a `UserError`.
    """

    def __init__(self, node: str, error: BaseException) -> None:
        self.node = node
        cause = first_cause(error)
        self.users_fault = isinstance(cause, UserError)
        self.reason = cause.message if isinstance(cause, UserError) else _reason(cause)
        self.details = cause.table if isinstance(cause, UserError) else ()
        super().__init__(f"{node} failed: {self.reason}")


def first_cause(error: BaseException) -> BaseException:
    """Returns the error that the user can do something about.

    A node's failure is recorded in the run's store, where another error may follow, as on a full disk.
    """
    chain = list(_chain(error))
    mistakes = [each for each in chain if isinstance(each, UserError)]
    no_space = [each for each in reversed(chain) if _is_no_space(each)]
    others = [each for each in chain if _OF_THE_STORE not in str(each)]
    return next(iter([*mistakes, *no_space, *others, error]))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _is_no_space(error: BaseException) -> bool:
    return (isinstance(error, OSError) and error.errno in _NO_SPACE) or bool(_NO_SPACE_TEXT.search(str(error)))


def _reason(error: BaseException) -> str:
    if _is_no_space(error):
        named = getattr(error, "filename", None) or next(iter(_NAMED.findall(str(error))), "")
        return f"no space left on device{f': {named.strip()}' if named else ''}; make room, then resume"
    if isinstance(error, MemoryError) or _NO_MEMORY.search(str(error)):
        soft, _ = resource.getrlimit(resource.RLIMIT_AS)
        limit = "" if soft == resource.RLIM_INFINITY else f", and this process may have {soft >> 20} MiB (ulimit -v)"
        return f"too little memory{limit}: {_last_line(error)}"
    return _last_line(error)


def _last_line(error: BaseException) -> str:
    # Not `splitlines`, which also splits at characters that file names may contain.
    lines = str(error).strip().split("\n")
    if lines[0] == _TRACEBACK:
        lines = [line for line in lines if line and not line.startswith((" ", "\t"))][-1:]
    return _OUR_CLASS.sub("", _STEP.sub("", lines[0])) or type(error).__name__
