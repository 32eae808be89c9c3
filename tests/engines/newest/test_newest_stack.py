"""The newest stack is chosen on a machine that can run it, works, and agrees with the older one."""

import csv
import json
import pathlib
import subprocess

import numpy as np
import pytest
from short_demo import EVEN_SPLITS, ONE_MEMBER, SMALL_ENCODER, write_short_demo
from training_nodes import NODES, RESOLVER

from components.frame_feature_gen.feature_cache import ENTRY_SUFFIX, SETTINGS_FILE, FeatureCache

pytestmark = pytest.mark.engine

VIDEOS = 12
# Some of the videos.
SOME = "[a-h]*.mp4"
# Nothing in them depends on code.
SETTINGS = [
    SMALL_ENCODER,
    *EVEN_SPLITS,
    ONE_MEMBER,
    "trainer.epochs=2",
    "report.filmstrips=0",
    "report.overlays=0",
    # Makes processors with bfloat16 as exact as any other.
    "encoder.precision=float32",
    # So that the scores of so few videos differ.
    "trainer.learning_rate=1e-2",
    "trainer.weight_averaging=0",
    "decision.calibration=none",
    "evaluator.bounds.auc.min=0.0",
    "evaluator.bounds.auc.worse_by=1.0",
]


def succeeded(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return done.stdout


def summary_of_run(stack, folder: pathlib.Path) -> dict:
    """Runs the demo's pipeline on the small data set; the stacks share store, feature cache and push destination."""
    settings = [f"data.root={folder}/data", f"runs_dir={folder}/runs", "name=stacks", *SETTINGS]
    command = ["run", "--config", "demo", *(part for setting in settings for part in ("--set", setting))]
    succeeded(stack.deepfake(*command, folder=folder))
    return json.loads((folder / "runs" / "stacks" / "summary.json").read_text())


def states(summary: dict) -> dict[str, str]:
    return {node["node"]: node["state"] for node in summary["nodes"]}


def description(summary: dict) -> dict:
    return json.loads((pathlib.Path(summary["model"]) / "assets.extra" / "model.json").read_text())


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("stacks")
    write_short_demo(folder / "data", videos=VIDEOS)
    return folder


@pytest.fixture(scope="module")
def upgraded(older, newest, folder) -> tuple[dict, dict]:
    """The summaries of a run by the older stack, and of one by the newest stack with nothing else changed."""
    return summary_of_run(older, folder), summary_of_run(newest, folder)


def test_set_up_takes_the_newest_stack_and_says_why(newest):
    (line,) = [line for line in newest.set_up.splitlines() if "installing" in line]
    assert line.startswith("set-up: installing TFX 1.21 into .venv with Python 3.13 (")
    assert line.endswith("glibc is 2.41")


def test_second_call_does_no_set_up(newest):
    assert "Nothing to be done" in succeeded(newest.machine.run("make", "install", folder=newest.project))


def test_run_in_a_store_of_the_older_stack_takes_nothing_stale(upgraded):
    older, newer = upgraded
    assert not {node for node, state in states(newer).items() if state == "cached"}
    assert set(states(newer)) == NODES | {RESOLVER}
    assert newer["pushed"]
    assert newer["model"] != older["model"]
    assert description(older)["stack"]["tfx"].startswith("1.16.")
    assert description(newer)["stack"]["tfx"].startswith("1.21.")
    assert description(newer)["model_digest"] != description(older)["model_digest"]
    # It was compared with the older model.
    assert newer["decision"]["baseline"] is not None


def test_features_of_the_older_stack_are_taken_from_the_cache(upgraded):
    older, newer = upgraded
    (extraction,) = [node for node in newer["nodes"] if node["node"] == "FrameFeatureGen"]
    assert f"{VIDEOS - older['quarantined']} cached" in extraction["records"]


@pytest.mark.parametrize("maker", [0, 1], ids=["older", "newest"])
def test_model_of_either_stack_scores_the_same_in_both(upgraded, older, newest, folder, maker):
    model = upgraded[maker]["model"]
    by_stack = []
    for name, stack in (("older", older), ("newest", newest)):
        out = folder / f"{name}-{maker}.csv"
        command = ["score", str(folder / "data" / SOME), "--model", model, "--out", str(out)]
        succeeded(stack.deepfake(*command, folder=folder))
        with out.open() as file:
            rows = list(csv.DictReader(file))
        by_stack.append({row["uri"]: [float(row["probability"]), *json.loads(row["frame_scores"])] for row in rows})
    one, other = by_stack
    assert one.keys() == other.keys() != set()
    for video, scores in one.items():
        assert scores == pytest.approx(other[video], abs=1e-4)
    assert np.ptp(list(one.values())) > 1e-3


def test_features_of_both_stacks_agree(upgraded, newest, folder):
    cache = folder / "features"
    command = ["extract", str(folder / "data" / SOME), "--config", "demo", "--cache-dir", str(cache)]
    settings = (SMALL_ENCODER, "encoder.precision=float32", f"runs_dir={folder}/extracted")
    succeeded(newest.deepfake(*command, *(f"--set={setting}" for setting in settings), folder=folder))
    found, by_older = cached_features(cache), cached_features(folder / "runs" / "feature_cache")
    assert len(found) == len(list((folder / "data").glob(SOME)))
    for video, features in found.items():
        expected = by_older[video]
        errors = np.linalg.norm(features - expected, axis=1) / np.linalg.norm(expected, axis=1)
        assert errors.max() < 1e-4


def cached_features(folder: pathlib.Path) -> dict[tuple[str, str], np.ndarray]:
    """The features by the cache's key: the settings and the digest of the video."""
    found = {}
    for settings in folder.glob(f"*/{SETTINGS_FILE}"):
        cache = FeatureCache(str(folder), json.loads(settings.read_text()))
        for entry in settings.parent.rglob(f"*{ENTRY_SUFFIX}"):
            digest = entry.parent.name + entry.stem
            found[settings.read_text(), digest] = cache.read(digest).features
    return found
