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
    """Calls `attempt`, and once more if the machine may be to blame for its error.

    Args:
        attempt: decodes a video, or reads its header.
        alone: whether the second call waits until no other is running in this process, and then runs alone, in case
            there was too little memory or time for several. If not, as in a service whose callers must not wait for
            each other, an error for which the video may be to blame is final.
        await_file: whether a missing file was there before, and is waited for, for a moment.

    Raises:
        VideoError: by the second call, or final.
    """
    try:
        with _among_others():
            return attempt()
    except VideoError as error:
        blame = blame_for(error)
        if blame is Blame.VIDEO or (blame is Blame.UNCLEAR and not alone):
            raise
        away = error.reason is Reason.MISSING
        if away and not await_file:
            raise
    if away:
        time.sleep(_AWAY_S)
    with _alone() if alone and not away else _among_others():
        return attempt()


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
