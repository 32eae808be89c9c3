"""`deepfake check` tells what the extraction will take, in its table and in its JSON."""

import io
import json
import pathlib

import pytest

from components.dataset.health import examine
from components.dataset.sources import read_dataset
from components.frame_feature_gen.cost import Estimate, WorkerCost
from pipeline.cli.data.check import check_dataset
from pipeline.config.load import load_config
from pipeline.terminal.console import Console
from pipeline.terminal.health import render, to_json

COSTS = (WorkerCost(1, 7300.0, 1_500_000_000), WorkerCost(8, 80.0, 3_000_000_000))


@pytest.fixture
def data_root(tmp_path, write_video) -> str:
    names = [f"{label}{index}.mp4" for label in ("REAL", "FAKE") for index in range(40)]
    for index, name in enumerate(names):
        write_video(name, frames=5, width=64, height=48, seed=index)
    (tmp_path / "metadata.json").write_text(json.dumps({name: {"label": name[:4]} for name in names}))
    return str(tmp_path)


def rendered(data_root: str, estimate: Estimate) -> str:
    config = load_config("dfdc")
    report = examine(read_dataset(data_root), config.split.rules, 0.1, limit=1)
    assert to_json(report, estimate)["estimate"]["videos"] == estimate.videos
    console = Console(file=io.StringIO(), width=100)
    render(report, console, estimate)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_time_and_memory_are_told_for_one_worker_and_for_all(data_root):
    text = rendered(data_root, Estimate(1000, 5, 0.5, 0.25, COSTS, 492_000_000))
    assert [line.split() for line in text.splitlines() if line.endswith(" GB")] == [
        ["1", "2", "h", "2", "min", "1.5", "GB"],
        ["8", "80", "s", "3.0", "GB"],
    ]
    assert "measured on 5 videos: 0.50 s to decode a video and 0.25 s to encode its frames" in text
    assert "disk for the features of 1,000 videos: 492.0 MB" in text


def test_what_was_not_measured_is_said(data_root):
    text = rendered(data_root, Estimate(1000, 1, 0.5, None, (), 492_000_000))
    assert "encoding a video took too long to be measured" in text
    assert "492.0 MB" in text


@pytest.mark.e2e
def test_it_is_made_for_a_data_set_that_can_be_used_and_for_no_other(data_root):
    def told(config) -> dict | None:
        console = Console(file=io.StringIO())
        check_dataset(data_root, config, console, as_json=True, with_estimate=True)
        return json.loads(console.file.getvalue())["estimate"]  # type: ignore[attr-defined]

    assert told(load_config("dfdc", ["augment={}"]))["videos"] == 80
    (pathlib.Path(data_root) / "REAL0.mp4").unlink()
    assert told(load_config("dfdc", ["data.max_quarantine_ratio=0"])) is None
