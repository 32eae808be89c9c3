"""Runs the commands in a folder whose name is full of glob characters."""

import json
import os
import pathlib
import subprocess
import sys

import pytest
from short_demo import EVEN_SPLITS, ONE_MEMBER, SMALL_ENCODER, write_short_demo

pytestmark = pytest.mark.e2e
DATA = "vid[1] {x}*?"
SETTINGS = (
    ONE_MEMBER,
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


def deepfake(home: pathlib.Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = "from pipeline.cli.app import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=home, check=False, capture_output=True, text=True
    )


def run(home: pathlib.Path, *settings: str) -> dict:
    given = [f"--set={setting}" for setting in (*SETTINGS, *settings)]
    ended = deepfake(home, "run", "--config", "demo", "--name", "one", *given)
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    summary = home / "runs" / "one" / "summary.json"
    return json.loads(summary.read_text())


def test_every_command_works_where_names_are_globs_elsewhere(home):
    destination = os.path.join(str(home), "models [of] *")
    settings = (f"data.root={json.dumps(DATA)}", f"push_destination={json.dumps(destination)}")
    first = run(home, *settings)
    assert first["pushed"]
    assert first["evaluation"]["videos"]
    newest = os.path.basename(first["model"])
    assert os.listdir(destination) == [newest]

    rows = home / "rows[1].jsonl"
    ended = deepfake(home, "score", f"{DATA}/*.mp4", str(home / DATA), "--out", rows.name, "--workers", "1")
    assert ended.returncode == 0, ended.stderr
    assert f"{destination}/{newest}" in ended.stdout.replace("\n", "")
    assert len(rows.read_text().splitlines()) == 2 * VIDEOS

    cache = home / "cache [1]*"
    ended = deepfake(
        *(home, "extract", DATA, "--config", "demo", "--cache-dir", cache.name, "--json"),
        *(f"--set={setting}" for setting in SETTINGS),
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["features"] == VIDEOS
    for folder, videos in ((cache.name, VIDEOS), ("runs/feature_cache", VIDEOS)):
        ended = deepfake(home, "cache", "stats", folder, "--json")
        assert sum(group["entries"] for group in json.loads(ended.stdout)["groups"]) >= videos

    for command in (("report", f"{destination}/{newest}"), ("lineage", first["model"])):
        ended = deepfake(home, *command)
        assert ended.returncode == 0, ended.stderr

    # Absolute paths work, too.
    ended = deepfake(
        home,
        *("run", "--pipeline", "scoring", "--name", "scored", f"--data-root={home / DATA}"),
        *(f"--set=runs_dir={json.dumps(str(home / 'runs'))}", "--set=extraction.workers=1"),
    )
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    assert (
        json.loads((home / "runs" / "scored.scoring" / "summary.json").read_text())["model"]
        == f"{destination}/{newest}"
    )
