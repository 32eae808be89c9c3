"""Runs the commands in a folder whose name is full of glob characters."""

import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable

import pytest
from short_demo import EVEN_SPLITS, QUICK_TRAINING, SMALL_ENCODER, write_short_demo

pytestmark = pytest.mark.e2e
DATA = "vid[1] {x}*?"
SETTINGS = (
    *QUICK_TRAINING,
    "trainer.epochs=2",
    "report.filmstrips=0",
    "report.overlays=0",
    "encoder.precision=float32",
    *(SMALL_ENCODER, "extraction.frames=8", *EVEN_SPLITS),
    "evaluator.bounds.auc.min=-1",
    "evaluator.bounds.auc.worse_by=1.0",
)
VIDEOS = 12


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("home") / "a[1] {b}*?"
    write_short_demo(folder / DATA, videos=VIDEOS)
    return folder


@pytest.fixture
def succeed(home, deepfake, monkeypatch) -> Callable[..., str]:
    """Runs the command in `home`, which must succeed, and returns its output."""
    monkeypatch.chdir(home)

    def succeed(*arguments: str) -> str:
        code, output, errors = deepfake(*arguments)
        assert code == 0, output[-2000:] + errors[-2000:]
        return output

    return succeed


def test_every_command_works_where_names_are_globs_elsewhere(home, succeed):
    destination = os.path.join(str(home), "models [of] *")
    settings = (f"data.root={json.dumps(DATA)}", f"push_destination={json.dumps(destination)}")
    succeed("run", "--config", "demo", "--name", "one", *(f"--set={setting}" for setting in (*SETTINGS, *settings)))
    first = json.loads((home / "runs" / "one" / "summary.json").read_text())
    assert first["pushed"]
    assert first["evaluation"]["videos"]
    newest = os.path.basename(first["model"])
    assert os.listdir(destination) == [newest]

    rows = home / "rows[1].jsonl"
    told = succeed("score", f"{DATA}/*.mp4", str(home / DATA), "--out", rows.name, "--workers", "1")
    assert f"{destination}/{newest}" in told.replace("\n", "")
    assert len(rows.read_text().splitlines()) == 2 * VIDEOS

    cache = home / "cache [1]*"
    told = succeed(
        *("extract", DATA, "--config", "demo", "--cache-dir", cache.name, "--json"),
        *(f"--set={setting}" for setting in SETTINGS),
    )
    assert json.loads(told)["features"] == VIDEOS
    for folder, videos in ((cache.name, VIDEOS), ("runs/feature_cache", VIDEOS)):
        groups = json.loads(succeed("cache", "stats", folder, "--json"))["groups"]
        assert sum(group["entries"] for group in groups) >= videos

    for command in (("report", f"{destination}/{newest}"), ("lineage", first["model"])):
        succeed(*command)

    # Absolute paths work, too. In a process of its own: this one takes the model from where `score` has linked it,
    # and that link went with the command.
    ended = subprocess.run(
        [
            *(sys.executable, "-c", "from pipeline.cli.app import main; main()"),
            *("run", "--pipeline", "scoring", "--name", "scored", f"--data-root={home / DATA}"),
            *(f"--set=runs_dir={json.dumps(str(home / 'runs'))}", "--set=extraction.workers=1"),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    assert (
        json.loads((home / "runs" / "scored.scoring" / "summary.json").read_text())["model"]
        == f"{destination}/{newest}"
    )
