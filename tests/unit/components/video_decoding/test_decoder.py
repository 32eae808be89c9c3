import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from components.video_decoding.decode import decode_clip
from components.video_decoding.decoder import IsolatedDecoder
from components.video_decoding.faces.detectors import FaceDetection
from components.video_errors import Reason, VideoError

SETTINGS = {"sampling": "uniform", "frames": 20, "size": 224}


@pytest.fixture
def decoder():
    with contextlib.closing(IsolatedDecoder(timeout_s=30, memory_bytes=2 << 30)) as decoder:
        yield decoder


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


@pytest.mark.e2e
def test_a_hang_costs_one_video(write_video):
    path = write_video(frames=5)
    with contextlib.closing(IsolatedDecoder(timeout_s=3, memory_bytes=2 << 30)) as decoder:
        decoder.read_header(path)
        os.kill(decoder.pid, signal.SIGSTOP)
        assert refused(lambda: decoder.decode(path, **SETTINGS)).reason is Reason.TIMEOUT
        assert len(decoder.decode(path, **SETTINGS).frames) == 5
        os.kill(decoder.pid, signal.SIGSTOP)
        assert refused(lambda: decoder.read_header(path)).reason is Reason.TIMEOUT


def test_a_crash_costs_one_video(decoder, write_video):
    path = write_video(frames=5)
    decoder.decode(path, **SETTINGS)
    os.kill(decoder.pid, signal.SIGSTOP)
    threading.Timer(0.5, os.kill, (decoder.pid, signal.SIGKILL)).start()
    error = refused(lambda: decoder.decode(path, **SETTINGS))
    assert (error.reason, error.detail) == (Reason.CRASHED, "the decoder ended by signal 9")
    assert len(decoder.decode(path, **SETTINGS).frames) == 5


def test_a_decoder_that_is_ended_while_idle_costs_no_video(decoder, write_video):
    path = write_video(frames=5)
    decoder.decode(path, **SETTINGS)
    os.kill(decoder.pid, signal.SIGKILL)
    os.waitid(os.P_PID, decoder.pid, os.WEXITED | os.WNOWAIT)
    assert len(decoder.decode(path, **SETTINGS).frames) == 5


def test_headers_are_read_by_the_process_that_decodes(decoder, write_video, tmp_path):
    path = write_video(frames=5)
    header = decoder.read_header(path)
    assert (header.width, header.height, header.frame_count_claimed, header.codec) == (320, 240, 5, "h264")
    pid = decoder.pid
    decoder.decode(path, **SETTINGS)
    (tmp_path / "bad.mp4").write_bytes(b"no video")
    error = refused(lambda: decoder.read_header(str(tmp_path / "bad.mp4")))
    assert error.reason is Reason.UNREADABLE_CONTAINER
    assert decoder.pid == pid


@contextlib.contextmanager
def soft_limit(kind: int, limit: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(kind, (soft, hard))


def descriptors() -> set[str]:
    return set(os.listdir("/proc/self/fd"))


def test_no_descriptors_for_a_start_cost_one_video(decoder, write_video):
    path, before = write_video(frames=5), descriptors()
    lowest = os.dup(0)
    os.close(lowest)
    for free in range(4):
        with soft_limit(resource.RLIMIT_NOFILE, lowest + free):
            error = refused(lambda: decoder.decode(path, **SETTINGS))
        assert error.reason is Reason.CRASHED
        assert error.detail == "the decoder could not be started (Too many open files)"
        assert decoder.pid is None
        assert descriptors() == before
    assert len(decoder.decode(path, **SETTINGS).frames) == 5


def test_a_process_that_ends_while_it_starts_costs_one_video(decoder, write_video, monkeypatch):
    path, before = write_video(frames=5), descriptors()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", shutil.which("true"))
        error = refused(lambda: decoder.decode(path, **SETTINGS))
    assert error.reason is Reason.CRASHED
    assert "the decoder could not be started (it ended with exit code 0)" in str(error)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/nowhere/python")
        assert "(No such file or directory)" in str(refused(lambda: decoder.decode(path, **SETTINGS)))
    assert descriptors() == before
    assert len(decoder.decode(path, **SETTINGS).frames) == 5


def test_a_detector_that_cannot_be_loaded_is_named(write_video):
    path, before = write_video(frames=5), descriptors()
    faces = FaceDetection("yunet", b"no model")
    with contextlib.closing(IsolatedDecoder(timeout_s=30, memory_bytes=2 << 30, faces=faces)) as decoder:
        for _ in range(2):
            error = refused(lambda: decoder.decode(path, **SETTINGS))
            assert error.reason is Reason.CRASHED
            assert error.detail.startswith("the decoder could not be started (")
            assert decoder.pid is None
            assert descriptors() == before


def test_a_hard_limit_of_memory_is_kept(write_video):
    path = write_video(frames=5)
    script = (
        "import resource, sys\n"
        "from components.video_decoding.decoder import IsolatedDecoder\n"
        "resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))\n"
        "decoder = IsolatedDecoder(timeout_s=60, memory_bytes=64 << 30)\n"
        "for _ in range(2):\n"
        "    decoder.decode(sys.argv[1], sampling='uniform', frames=5, size=224)\n"
        "print(resource.prlimit(decoder.pid, resource.RLIMIT_AS) == (6 << 30, 6 << 30))\n"
        "decoder.close()\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    assert ended.stdout == "True\n"


def test_decoding_is_interrupted_from_another_thread(decoder, write_video):
    path = write_video(frames=5)
    decoder.read_header(path)
    os.kill(decoder.pid, signal.SIGSTOP)
    threading.Timer(0.2, decoder.interrupt).start()
    assert refused(lambda: decoder.decode(path, **SETTINGS)).reason is Reason.CRASHED
    assert len(decoder.decode(path, **SETTINGS).frames) == 5


def test_no_video_gets_the_frames_of_one_that_was_interrupted(decoder, write_video):
    interrupted, wanted = (write_video(f"{frames}.mp4", frames=frames) for frames in (5, 8))
    decoder.read_header(wanted)
    stopped = decoder.pid
    os.kill(stopped, signal.SIGSTOP)
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            decoder.decode(interrupted, **SETTINGS)
    finally:
        signal.signal(signal.SIGALRM, before)
    with contextlib.suppress(ProcessLookupError):
        os.kill(stopped, signal.SIGCONT)
    assert len(decoder.decode(wanted, **SETTINGS).frames) == 8


def test_no_video_pays_for_a_decoder_that_ended_before_it(decoder, write_video):
    path = write_video(frames=5)
    decoder.interrupt()
    assert len(decoder.decode(path, **SETTINGS).frames) == 5
    decoder.interrupt()
    assert len(decoder.decode(path, **SETTINGS).frames) == 5
    os.kill(decoder.pid, signal.SIGKILL)
    os.waitid(os.P_PID, decoder.pid, os.WEXITED | os.WNOWAIT)
    assert len(decoder.decode(path, **SETTINGS).frames) == 5


@pytest.mark.e2e
@pytest.mark.parametrize("memory_mib", [50, 120])
def test_memory_is_bounded(write_video, memory_mib):
    path = write_video(frames=3, width=4096, height=4096)
    with contextlib.closing(IsolatedDecoder(timeout_s=60, memory_bytes=memory_mib << 20)) as decoder:
        # What is left in FFmpeg's buffer pools determines where memory runs out.
        for _ in range(3):
            assert refused(lambda: decoder.decode(path, **SETTINGS)).reason is Reason.TOO_LARGE
        assert len(decoder.decode(write_video("small.mp4", frames=5), **SETTINGS).frames) == 5


@pytest.mark.e2e
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
