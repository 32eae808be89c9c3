"""Ctrl-C at any moment of the extraction ends the run at once, with its own exit code."""

import pathlib
import random
import signal
import time

import pytest
from demo_commands import RUN, TRAINING, new_folder, start, wait_for_start


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> pathlib.Path:
    return new_folder(tmp_path_factory.mktemp("interrupted"))


def interrupted(folder: pathlib.Path, after_s: float) -> None:
    """Interrupts a training so many seconds after the extraction has started, which is at work for longer."""
    (folder / RUN / "run.log").unlink(missing_ok=True)
    process = start(folder, *TRAINING, "--set=extraction.cache_dir=none")
    try:
        wait_for_start(process, folder, "FrameFeatureGen")
        time.sleep(after_s)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130, (after_s, output)
    assert output.splitlines()[-1].startswith("interrupted; resume with: deepfake run"), output


@pytest.mark.e2e
@pytest.mark.parametrize("after_s", [3.0, 5.0])
def test_an_interrupted_extraction_says_so(folder, after_s):
    interrupted(folder, after_s)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_fifty_interrupts_at_random_moments_all_end_alike(folder):
    moments = random.Random(0)
    for _ in range(50):
        interrupted(folder, moments.uniform(0, 10))
