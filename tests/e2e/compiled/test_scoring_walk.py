"""Runs every task of the compiled scoring pipelines by its own command, with a model that is quick to make."""

import pathlib

import numpy as np
import pytest
from brightness_model import DESCRIPTION, write_brightness_model
from compiled_demo import compile_scoring, specification
from containers import run_in_pod, run_in_process
from kubeflow_cluster.cluster import Cluster
from kubeflow_cluster.demo_runs import executed, naming_the_pod, score
from kubeflow_cluster.profiles import PROFILES
from kubeflow_cluster.store import FolderStore
from vertex_engine import Engine, walk

from components.drift_validator.finding import read_drift
from components.submission_gen.score_files import read_outcome, read_rows
from pipeline.demo_data.encoding import write_clip

pytestmark = pytest.mark.e2e

NODES = {"VideoExampleGen", "StatisticsGen", "FrameFeatureGen", "BulkInferrer", "SubmissionGen", "DriftValidator"}
SETTINGS = ("drift.min_videos=2",)
MODEL = "model/1795571968"
BRIGHTNESS = (30, 120, 220)
SHORT = 220


@pytest.fixture(scope="module")
def videos(tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("scored")
    for brightness in BRIGHTNESS:
        frames = (np.full((64, 64, 3), brightness, np.uint8) for _ in range(1 if brightness == SHORT else 8))
        write_clip(folder / f"{brightness}.mp4", frames, fps=10, bit_rate=100_000)
    (folder / "broken.mp4").write_bytes(b"no video")
    return folder


def require_scores(scores: pathlib.Path, drift: pathlib.Path, videos: pathlib.Path) -> None:
    rows = {row.uri: row for row in read_rows(str(scores))}
    assert set(rows) == {str(videos / f"{name}.mp4") for name in (*BRIGHTNESS, "broken")}
    for brightness in BRIGHTNESS:
        row = rows[str(videos / f"{brightness}.mp4")]
        assert row.probability == pytest.approx(brightness / 255, abs=0.02)
        assert row.caution == (["few_frames"] if brightness == SHORT else [])
    assert rows[str(videos / "broken.mp4")].verdict == "UNSCORED"
    assert read_outcome(str(scores))["cautions"] == {"few_frames": 1}
    assert [each.scored_videos for each in read_drift(str(drift)).features] == [len(BRIGHTNESS)]


def test_vertex_runs_up_to_scores_and_drift(videos, tmp_path):
    model = write_brightness_model(tmp_path / MODEL)
    engine = Engine(tmp_path / "engine", lambda command: run_in_process(command, tmp_path / "logs"))
    text = compile_scoring("vertex", "extraction.workers=1", *SETTINGS)
    parameters = {"data_root": str(videos), "model_uri": str(model)}
    run = walk(engine, specification("vertex", text, tmp_path / "bucket"), parameters)
    assert {name for name, result in run.items() if result.executed} == NODES
    require_scores(run["SubmissionGen"].uri("scores"), run["DriftValidator"].uri("drift"), videos)
    (scores,) = run["SubmissionGen"].outputs["scores"]
    assert scores["metadata"]["model"] == str(model)
    assert scores["metadata"]["model_digest"] == DESCRIPTION["model_digest"]


@pytest.mark.parametrize("profile", ["2.5", "next"])
def test_kubeflow_runs_up_to_scores_and_drift(videos, tmp_path, profile):
    bucket = tmp_path / "bucket"
    write_brightness_model(bucket / MODEL)
    cluster = Cluster(PROFILES[profile], FolderStore(bucket), tmp_path / "pod", run_in_pod)
    results = score(cluster, str(bucket), str(videos), f"gs://bucket/{MODEL}", *SETTINGS)
    assert executed(results) == NODES
    scores, drift = results["SubmissionGen"].outputs["scores"], results["DriftValidator"].outputs["drift"]
    require_scores(*(bucket / artifact.uri.removeprefix("gs://bucket/") for artifact in (scores, drift)), videos)
    assert scores.metadata["model"] == f"gs://bucket/{MODEL}"
    assert scores.metadata["model_digest"] == DESCRIPTION["model_digest"]
    assert list(naming_the_pod(cluster)) == []
