"""Tries a video again if the machine may be to blame."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from components.passing_trouble import Blame, blame_for
from components.video_errors import Reason, VideoError

_Result = TypeVar("_Result")
_AWAY_S: Final = 2.0


def with_second_try(attempt: Callable[[], _Result], *, alone: bool = True, await_file: bool = False) -> _Result:
    """Calls `attempt`, and once more if the machine may be to blame for its error; see `two_tries`."""
    found: list[_Result] = []
    for one_try in two_tries(alone=alone, await_file=await_file):
        with one_try:
            found.append(attempt())
    return found[-1]


def two_tries(*, alone: bool = True, await_file: bool = False) -> Iterator[contextlib.AbstractContextManager[None]]:
    """Yields a context to try a video in, and a second one if the machine may be to blame for the error in the first.

    Args:
        alone: whether the second try waits until no other is going on in this process, and then goes on alone, in case
            there was too little memory or time for several. If not, as in a service whose callers must not wait for
            each other, an error for which the video may be to blame is final.
        await_file: whether a missing file was there before, and is waited for, for a moment.

    Raises:
        VideoError: in the context, by the second try, or final.
    """
    passing: list[VideoError] = []

    @contextlib.contextmanager
    def first() -> Iterator[None]:
        try:
            with _among_others():
                yield
        except VideoError as error:
            if _is_final(error, alone=alone, await_file=await_file):
                raise
            passing.append(error)

    yield first()
    for error in passing:
        away = error.reason is Reason.MISSING
        if away:
            time.sleep(_AWAY_S)
        yield _alone() if alone and not away else _among_others()


def _is_final(error: VideoError, *, alone: bool, await_file: bool) -> bool:
    blame = blame_for(error)
    if blame is Blame.VIDEO or (blame is Blame.UNCLEAR and not alone):
        return True
    return error.reason is Reason.MISSING and not await_file


_changed = threading.Condition()
_at_work = 0
_one_alone = False


@contextlib.contextmanager
def _among_others() -> Iterator[None]:
    global _at_work
    with _changed:
        _changed.wait_for(lambda: not _one_alone)
        _at_work += 1
    try:
        yield
    finally:
        with _changed:
            _at_work -= 1
            _changed.notify_all()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    global _one_alone
    with _changed:
        _changed.wait_for(lambda: not _one_alone)
        _one_alone = True
    try:
        with _changed:
            _changed.wait_for(lambda: not _at_work)
        yield
    finally:
        with _changed:
            _one_alone = False
            _changed.notify_all()
