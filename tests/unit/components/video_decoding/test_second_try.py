"""What may have been the machine is tried again, alone; what is the video's is not."""

import contextlib
import pathlib
import signal
import threading
import time
from collections.abc import Iterator

import pytest
from killed_children import killing_readers

from components.passing_trouble import Blame, BlamedError, blame_for
from components.video_decoding.decoder import IsolatedDecoder
from components.video_decoding.second_try import with_second_try
from components.video_errors import Reason, VideoError


@pytest.fixture
def decoder() -> Iterator[IsolatedDecoder]:
    with contextlib.closing(IsolatedDecoder(timeout_s=30, memory_bytes=2 << 30)) as decoder:
        yield decoder


@pytest.fixture
def slow_video(write_video) -> str:
    """A video that takes about a second to decode."""
    return write_video("slow.mp4", frames=400, width=640, height=480)


def refused(attempt, **options) -> VideoError:
    with pytest.raises(VideoError) as raised:
        with_second_try(attempt, **options)
    return raised.value


@pytest.mark.parametrize("alone", [True, False])
def test_a_decoder_that_is_killed_once_costs_no_video(decoder, slow_video, alone):
    with killing_readers(slow_video, signal.SIGKILL, times=1) as ended:
        clip = with_second_try(lambda: decoder.decode(slow_video, sampling="uniform", frames=20, size=224), alone=alone)
    assert len(clip.frames) == 20
    assert len(ended) == 1


@pytest.mark.parametrize(
    ("number", "blame"),
    [(signal.SIGKILL, Blame.MACHINE), (signal.SIGTERM, Blame.MACHINE), (signal.SIGSEGV, Blame.UNCLEAR)],
)
def test_a_decoder_that_is_ended_twice_says_who_may_be_to_blame(decoder, slow_video, number, blame):
    with killing_readers(slow_video, number, times=3) as ended:
        error = refused(lambda: decoder.decode(slow_video, sampling="uniform", frames=20, size=224))
    assert (error.reason, blame_for(error)) == (Reason.CRASHED, blame)
    assert error.detail == f"the decoder ended by signal {int(number)}"
    assert len(ended) == 2


class Attempts:
    """Fails by an error each time, and counts."""

    def __init__(self, error: VideoError) -> None:
        self.error = error
        self.count = 0

    def __call__(self) -> None:
        self.count += 1
        raise self.error


def io_error() -> VideoError:
    try:
        try:
            raise OSError(5, "Input/output error")
        except OSError as error:
            raise VideoError(Reason.UNREADABLE_CONTAINER, "Input/output error") from error
    except VideoError as error:
        return error


@pytest.mark.parametrize(
    ("error", "alone", "count"),
    [
        (VideoError(Reason.NO_FRAMES, ""), True, 1),
        (VideoError(Reason.UNREADABLE_CONTAINER, ""), True, 1),
        (BlamedError(Reason.CRASHED, "interrupted", Blame.VIDEO), True, 1),
        (io_error(), True, 2),
        (BlamedError(Reason.TIMEOUT, "", Blame.UNCLEAR), True, 2),
        (BlamedError(Reason.TIMEOUT, "", Blame.UNCLEAR), False, 1),
        (BlamedError(Reason.CRASHED, "", Blame.MACHINE), False, 2),
    ],
)
def test_only_what_may_be_the_machines_is_tried_again(error, alone, count):
    attempts = Attempts(error)
    assert refused(attempts, alone=alone) is error
    assert attempts.count == count


def test_a_file_that_was_away_for_a_moment_is_waited_for(decoder, write_video):
    path = pathlib.Path(write_video(frames=5))
    path.rename(path.with_suffix(".away"))
    threading.Timer(0.5, path.with_suffix(".away").rename, [path]).start()
    assert with_second_try(lambda: decoder.read_header(str(path)), await_file=True).width == 320


def test_a_file_that_was_never_there_is_not_waited_for():
    attempts = Attempts(VideoError(Reason.MISSING, ""))
    started = time.monotonic()
    refused(attempts)
    assert attempts.count == 1
    assert time.monotonic() - started < 1


def test_a_second_try_is_alone():
    at_work, most = [0], {}
    lock = threading.Lock()

    def attempt(name: str, *, fails: bool) -> None:
        with lock:
            at_work[0] += 1
        time.sleep(0.1)
        with lock:
            at_work[0] -= 1
            tried_before = name in most
            most[name] = at_work[0]
        if fails and not tried_before:
            raise BlamedError(Reason.TIMEOUT, "", Blame.UNCLEAR)

    threads = [
        threading.Thread(target=with_second_try, args=[lambda n=number: attempt(str(n), fails=n % 2 == 0)])
        for number in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [most[name] for name in ("0", "2", "4")] == [0, 0, 0]
