"""Ctrl-C at any moment of the extraction ends the command at once, with its own exit code."""

import random
import shutil
import signal
import subprocess
import time

import pytest
from brightness_model import write_brightness_model
from decoding_processes import decoders
from demo_commands import RUN, TRAINING, new_folder, start, wait_for_start
from waiting import wait_until


def end_by_interrupt(process: subprocess.Popen[str], after_s: float) -> None:
    """Interrupts a process after so many seconds, and checks how it ends."""
    time.sleep(after_s)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130, (after_s, output, errors)
    assert output.splitlines()[-1].startswith("interrupted; "), output


@pytest.mark.e2e
def test_an_interrupt_while_threads_decode_and_encode_says_so(write_video, tmp_path):
    model = write_brightness_model(tmp_path / "models" / "1")
    source = write_video("videos/source.mp4", frames=60, width=640, height=480)
    for index in range(300):
        shutil.copy(source, tmp_path / "videos" / f"{index}.mp4")
    for after_s in (0.5, 2.0, 4.0):
        process = start(tmp_path, "score", "videos", "--model", str(model), "--workers", "2", "--cache-dir", "none")
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


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_fifty_interrupts_at_random_moments_all_end_alike(tmp_path):
    folder, moments = new_folder(tmp_path / "interrupted"), random.Random(0)
    for number in range(50):
        (folder / RUN / "run.log").unlink(missing_ok=True)
        # Another limit each time, so that a node that had ended is run again.
        anew = ("--set=extraction.cache_dir=none", f"--set=extraction.timeout_s={100 + number}")
        process = start(folder, *TRAINING, *anew)
        try:
            wait_for_start(process, folder, "FrameFeatureGen")
            end_by_interrupt(process, moments.uniform(0, 10))
        finally:
            process.kill()
