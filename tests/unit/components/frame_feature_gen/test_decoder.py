import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from components.frame_feature_gen.decode import decode_clip
from components.frame_feature_gen.decoder import IsolatedDecoder
from components.quarantine import Reason, VideoError

SETTINGS = {"sampling": "uniform", "frames": 20, "size": 224}


@pytest.fixture
def decoder():
    with contextlib.closing(IsolatedDecoder(timeout_s=30, memory_bytes=2 << 30)) as decoder:
        yield decoder


@pytest.fixture
def endless(tmp_path) -> str:
    """A file whose opening never ends."""
    path = tmp_path / "endless.mp4"
    os.mkfifo(path)
    return str(path)


def refused(decode: Callable[[], object]) -> VideoError:
    with pytest.raises(VideoError) as raised:
        decode()
    return raised.value


def test_clips_are_those_of_this_process_and_the_decoder_is_used_again(decoder, write_video):
    pids = set()
    for seed in range(3):
        path = write_video(f"{seed}.mp4", frames=40, seed=seed)
        clip, expected = decoder.decode(path, **SETTINGS), decode_clip(path, **SETTINGS)
        np.testing.assert_array_equal(clip.frames, expected.frames)
        np.testing.assert_array_equal(clip.timestamps_s, expected.timestamps_s)
        pids.add(decoder.pid)
    assert len(pids) == 1


def test_a_refused_video_costs_no_process(decoder, write_video, tmp_path):
    (tmp_path / "bad.mp4").write_bytes(b"no video")
    decoder.decode(write_video(frames=5), **SETTINGS)
    pid = decoder.pid
    assert refused(lambda: decoder.decode(str(tmp_path / "bad.mp4"), **SETTINGS)).reason is Reason.UNREADABLE_CONTAINER
    assert decoder.pid == pid


def test_a_hang_costs_one_video(endless, write_video):
    with contextlib.closing(IsolatedDecoder(timeout_s=3, memory_bytes=2 << 30)) as decoder:
        assert refused(lambda: decoder.decode(endless, **SETTINGS)).reason is Reason.TIMEOUT
        assert len(decoder.decode(write_video(frames=5), **SETTINGS).frames) == 5


def test_a_crash_costs_one_video(decoder, endless, write_video):
    decoder.decode(write_video(frames=5), **SETTINGS)
    threading.Timer(0.5, os.kill, (decoder.pid, signal.SIGSEGV)).start()
    error = refused(lambda: decoder.decode(endless, **SETTINGS))
    assert (error.reason, error.detail) == (Reason.CRASHED, "the decoder ended by signal 11")
    assert len(decoder.decode(write_video(frames=5), **SETTINGS).frames) == 5


def test_decoding_is_interrupted_from_another_thread(decoder, endless, write_video):
    decoder.decode(write_video(frames=5), **SETTINGS)
    threading.Timer(0.5, decoder.interrupt).start()
    assert refused(lambda: decoder.decode(endless, **SETTINGS)).reason is Reason.CRASHED
    assert len(decoder.decode(write_video(frames=5), **SETTINGS).frames) == 5


def test_no_video_pays_for_a_decoder_that_ended_before_it(decoder, write_video):
    path = write_video(frames=5)
    decoder.interrupt()
    assert len(decoder.decode(path, **SETTINGS).frames) == 5
    decoder.interrupt()
    assert len(decoder.decode(path, **SETTINGS).frames) == 5
    os.kill(decoder.pid, signal.SIGKILL)
    os.waitid(os.P_PID, decoder.pid, os.WEXITED | os.WNOWAIT)
    assert len(decoder.decode(path, **SETTINGS).frames) == 5


@pytest.mark.parametrize("memory_mib", [50, 120])
def test_memory_is_bounded(write_video, memory_mib):
    path = write_video(frames=3, width=4096, height=4096)
    with contextlib.closing(IsolatedDecoder(timeout_s=60, memory_bytes=memory_mib << 20)) as decoder:
        assert refused(lambda: decoder.decode(path, **SETTINGS)).reason is Reason.TOO_LARGE
        assert len(decoder.decode(write_video("small.mp4", frames=5), **SETTINGS).frames) == 5


def test_the_decoder_ends_with_its_parent(tmp_path, write_video):
    path = write_video(frames=5)
    child = os.fork()
    if child == 0:
        decoder = IsolatedDecoder(timeout_s=30, memory_bytes=2 << 30)
        decoder.decode(path, **SETTINGS)
        (tmp_path / "pid").write_text(str(decoder.pid))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    pid = int((tmp_path / "pid").read_text())
    for _ in range(100):
        if not os.path.exists(f"/proc/{pid}"):
            return
        time.sleep(0.1)
    pytest.fail(f"the decoder {pid} outlives its parent")
