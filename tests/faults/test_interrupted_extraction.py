"""Ctrl-C at any moment of the extraction ends the run at once, with its own exit code."""

import pathlib
import random
import time

import pytest
from demo_run import command, start, starts_of, wait_for_start
from short_demo import write_short_demo

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
        time.sleep(after_s)
        process.send_signal(2)
        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130, (after_s, output)
    assert output.splitlines()[-1].startswith("interrupted; resume with: deepfake run"), output


@pytest.mark.e2e
@pytest.mark.parametrize("after_s", [3.0, 5.0])
def test_an_interrupted_extraction_says_so(data, runs, after_s):
    interrupted(data, runs, after_s)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_fifty_interrupts_at_random_moments_all_end_alike(data, runs):
    moments = random.Random(0)
    for _ in range(50):
        interrupted(data, runs, moments.uniform(0, 10))
