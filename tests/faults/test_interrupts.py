"""Ctrl-C at any moment of the extraction ends the run at once, with its own exit code."""

import pathlib
import random
import shutil
import signal
import subprocess
import time

import pytest
from brightness_model import write_brightness_model
from decoding_processes import decoders
from demo_run import DEEPFAKE, command, start, starts_of, wait_for_start
from short_demo import write_short_demo
from waiting import wait_until

NODE = "FrameFeatureGen"


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("demo") / "data"
    write_short_demo(folder, videos=30)
    return folder


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> pathlib.Path:
    return tmp_path_factory.mktemp("runs")


def interrupted(data: pathlib.Path, runs: pathlib.Path, after_s: float) -> None:
    """Interrupts a run so many seconds after the extraction has started, which is long enough for it to be at work."""
    before = starts_of(runs, NODE)
    process = start(command(data, runs, "extraction.cache_dir=none"))
    try:
        wait_for_start(process, runs, NODE, before)
        end_by_interrupt(process, after_s)
    finally:
        process.kill()


def end_by_interrupt(process: subprocess.Popen[str], after_s: float) -> None:
    """Interrupts a process after so many seconds, and checks how it ends."""
    time.sleep(after_s)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 130, (after_s, output)
    assert output.splitlines()[-1].startswith("interrupted; "), output


@pytest.mark.e2e
def test_an_interrupt_while_threads_decode_and_encode_says_so(write_video, tmp_path):
    model = write_brightness_model(tmp_path / "models" / "1")
    source = write_video("videos/source.mp4", frames=60, width=640, height=480)
    for index in range(300):
        shutil.copy(source, tmp_path / "videos" / f"{index}.mp4")
    arguments = ["score", str(tmp_path / "videos"), "--model", str(model), "--workers", "2", "--cache-dir", "none"]
    for after_s in (0.5, 2.0, 4.0):
        process = start([DEEPFAKE, *arguments, "--runs-dir", str(tmp_path / "runs")])
        try:
            wait_until(
                lambda process=process: decoders(process.pid),
                alive=lambda process=process: process.poll() is None,
                seconds=300,
                what="the first decoder",
            )
            end_by_interrupt(process, after_s)
        finally:
            process.kill()


@pytest.mark.fault
@pytest.mark.timeout(7200)
def test_fifty_interrupts_at_random_moments_all_end_alike(data, runs):
    moments = random.Random(0)
    for _ in range(50):
        interrupted(data, runs, moments.uniform(0, 10))
