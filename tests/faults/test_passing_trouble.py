"""What may have been the machine is no verdict on a video: it is tried again, fails the node, or heals later."""

import io
import json
import pathlib
import signal

import pytest
from drawn_frames import moving_shapes
from extraction_run import extraction_in, read_features
from killed_children import killing_readers

from components.quarantine import read_quarantine
from pipeline.config.load import load_config
from pipeline.config.training import TrainingConfig
from pipeline.demo_data.encoding import write_clip
from pipeline.runners.another_try import extraction_attempt
from pipeline.terminal.console import Console

pytestmark = pytest.mark.e2e

SLOW = "REAL0.mp4"


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("data")
    content = {f"{label}{index}.mp4": {"label": label} for label in ("REAL", "FAKE") for index in range(6)}
    for index, name in enumerate(content):
        width, height, frames = (640, 480, 400) if name == SLOW else (96, 64, 5)
        write_clip(folder / name, moving_shapes(frames, width, height, seed=index), fps=30, bit_rate=400_000)
    (folder / "metadata.json").write_text(json.dumps(content))
    return folder


@pytest.fixture(scope="module")
def config(data, tmp_path_factory) -> TrainingConfig:
    """Of a run whose folder is the one of `extract`."""
    given = ("name=extraction", f"runs_dir={tmp_path_factory.mktemp('runs')}", f"data.root={data}")
    return load_config("demo", given)


@pytest.fixture(scope="module")
def extract(config, data):
    folder = pathlib.Path(config.run_dir)
    folder.mkdir()
    run = extraction_in(folder)

    def extract(version: str):
        return run(data, weights="random:0", ratio=0.5, version=version)

    # VideoExampleGen opens the videos, too.
    extract("first")
    return extract


def test_a_decoder_that_is_killed_once_costs_no_video(extract, data):
    with killing_readers(str(data / SLOW), signal.SIGKILL, times=1) as ended:
        outputs = extract("killed once")
    assert len(ended) == 1
    assert read_quarantine(outputs["quarantine"].uri) == []
    assert SLOW in read_features(outputs)


def test_one_that_is_killed_twice_fails_the_node_and_is_forgotten_then(extract, data):
    with (
        killing_readers(str(data / SLOW), signal.SIGKILL, times=2),
        pytest.raises(Exception, match=rf"{SLOW}: the decoder ended by signal 9, twice; see to the machine"),
    ):
        extract("killed twice")
    assert read_quarantine(extract("killed twice")["quarantine"].uri) == []


def test_a_video_that_crashes_the_decoder_is_in_quarantine_until_it_does_not(extract, data, config):
    console = Console(io.StringIO())
    with killing_readers(str(data / SLOW), signal.SIGSEGV, times=100):
        outputs = extract("crashes")
        (row,) = read_quarantine(outputs["quarantine"].uri)
        assert (row.uri, row.reason, row.blame) == (SLOW, "crashed", "unclear")
        assert extraction_attempt(config, console) == ""
    attempt = extraction_attempt(config, console)
    assert int(attempt) > 0
