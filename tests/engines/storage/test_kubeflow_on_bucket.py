"""The pipelines that are compiled for Kubeflow Pipelines, with everything in a bucket."""

import dataclasses

import pytest
from compiled_demo import compile_demo, specification
from containers import run_in_pod
from kubeflow_cluster.cluster import Cluster, walk
from kubeflow_cluster.demo_runs import executed, naming_the_pod, pushed_model, score, train
from kubeflow_cluster.errors import LauncherError
from kubeflow_cluster.profiles import PROFILES
from kubeflow_cluster.store import BucketStore
from short_demo import EVEN_SPLITS
from training_nodes import NODES

pytestmark = pytest.mark.engine

SETTINGS = (*EVEN_SPLITS, "report.filmstrips=0")


@pytest.fixture(scope="module")
def cluster(storage, tmp_path_factory) -> Cluster:
    def run_with_clients(command, environment, log):
        return run_in_pod(command, {**environment, **storage.environment}, log)

    pod = tmp_path_factory.mktemp("kubeflow") / "pod"
    root = f"{storage.uri}/kubeflow/artifacts"
    return Cluster(PROFILES["2.17"], BucketStore(storage.bucket), pod, run_with_clients, root)


@pytest.fixture(scope="module")
def training(cluster, storage, bucket_data):
    return train(cluster, f"{storage.uri}/kubeflow", bucket_data, *SETTINGS)


@pytest.mark.long
def test_training_and_scoring_leave_no_object_that_marks_a_folder(cluster, storage, bucket_data, training):
    assert executed(training) == NODES
    model = pushed_model(f"{storage.uri}/kubeflow", training)
    results = score(cluster, f"{storage.uri}/kubeflow", bucket_data, model, "drift.fail=false")
    assert executed(results) == set(results) - {"PushedModel"}
    for prefix in (f"kubeflow/artifacts/{name}/" for name in ("demo", "scoring")):
        assert [key for key in cluster.store.keys(prefix) if key.endswith("/")] == []
    assert [key for key in cluster.store.keys("kubeflow/model/") if key.endswith("/")] == []
    assert list(naming_the_pod(cluster)) == []


def test_a_task_that_writes_to_the_bucket_itself_fails_without_ml_metadata(cluster, storage):
    text = compile_demo("kubeflow", "evaluator.baseline=none", "kubeflow.retries=0")
    compiled = specification("kubeflow", text, storage.uri)
    compiled["root"]["dag"]["tasks"] = {"VideoSchema": compiled["root"]["dag"]["tasks"]["VideoSchema"]}
    container = compiled["deploymentSpec"]["executors"]["VideoSchema_executor"]["container"]
    container["command"] = ["python", "-m", "lacking", "copies"]
    newest = dataclasses.replace(cluster, profile=PROFILES["next"], root=f"{storage.uri}/lacking")
    with pytest.raises(LauncherError, match='declared output artifact "schema" is missing'):
        walk(newest, compiled, {})
