"""Runs every task of the pipelines that are compiled for Kubeflow Pipelines between its driver and its launcher."""

import pathlib

import pytest
import tensorflow as tf
from containers import run_in_pod
from kubeflow_cluster.cluster import Cluster
from kubeflow_cluster.demo_runs import executed, metrics, naming_the_pod, pushed_model, read_json, score, train
from kubeflow_cluster.profiles import PROFILES
from kubeflow_cluster.store import FolderStore
from training_nodes import NODES

from components.metrics.results import DECISION_FILE
from components.submission_gen.score_files import read_rows

pytestmark = pytest.mark.e2e

COMPARED = {"Evaluator", "Pusher", "ReportGen"}
SCORING = {"VideoExampleGen", "StatisticsGen", "FrameFeatureGen", "BulkInferrer", "SubmissionGen", "DriftValidator"}


@pytest.fixture(scope="module")
def bucket(tmp_path_factory) -> pathlib.Path:
    """The folder that stands for the bucket."""
    return tmp_path_factory.mktemp("kubeflow") / "bucket"


@pytest.fixture(scope="module")
def cluster(bucket) -> Cluster:
    return Cluster(PROFILES["2.17"], FolderStore(bucket), bucket.with_name("pod"), run_in_pod)


@pytest.fixture(scope="module")
def first(cluster, bucket, demo_data):
    return train(cluster, str(bucket), str(demo_data))


@pytest.fixture(scope="module")
def second(cluster, bucket, demo_data, first):
    model = pushed_model(str(bucket), first)
    return train(cluster, str(bucket), str(demo_data), baseline=model)


def test_training_ends_with_a_pushed_model_and_the_metrics_of_a_local_run(cluster, bucket, first, first_run):
    assert executed(first) == NODES == set(first)
    local = {name: numbers["value"] for name, numbers in first_run.result.evaluation["metrics"].items()}
    assert metrics(cluster, first) == pytest.approx(local, abs=1e-6)
    model = bucket / pushed_model(str(bucket), first).removeprefix("gs://bucket/")
    assert tf.saved_model.load(str(model)).signatures["serving_default"]


def test_training_takes_the_model_before_as_its_baseline(cluster, bucket, first, second):
    assert executed(second) == COMPARED
    model = pushed_model(str(bucket), first)
    assert second["BaselineModel"].outputs["model"].uri == model
    assert second["Evaluator"].outputs["blessing"].metadata["baseline_model"] == model
    assert read_json(cluster, second["Evaluator"].outputs["video_metrics"], DECISION_FILE)["baseline"] == model
    # It is the same model, which is there already.
    assert pushed_model(str(bucket), second) == model


def test_scoring_ends_with_scores_of_that_model(cluster, bucket, first, demo_data):
    model = pushed_model(str(bucket), first)
    results = score(cluster, str(bucket), str(demo_data), model, "drift.fail=false")
    assert executed(results) == SCORING
    scores = results["SubmissionGen"].outputs["scores"]
    assert scores.metadata["model"] == model
    rows = read_rows(str(bucket / scores.uri.removeprefix("gs://bucket/")))
    assert {row.uri for row in rows} == {str(path) for path in demo_data.glob("*.mp4")}
    assert {row.verdict for row in rows} <= {"FAKE", "REAL", "INCONCLUSIVE"}


def test_no_artifact_names_a_path_of_a_pod(cluster, second):
    assert list(naming_the_pod(cluster)) == []
