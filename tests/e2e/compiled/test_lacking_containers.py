"""Without what the container does before TFX, TFX fails as it did on a real cluster."""

import copy
import pathlib
from typing import Any

import pytest
from compiled_demo import compile_demo, specification
from containers import run_in_pod
from kubeflow_cluster.cluster import Cluster, walk
from kubeflow_cluster.errors import LauncherError
from kubeflow_cluster.profiles import PROFILES
from kubeflow_cluster.store import FolderStore

pytestmark = pytest.mark.e2e

TASKS = ("VideoExampleGen", "StatisticsGen", "VideoSchema", "ExampleValidator")
MESSAGES = {
    ("2.5", "types"): "'NoneType' object has no attribute 'get'",
    ("next", "types"): "Could not import title: tfx\\.",
    ("2.5", "logs"): "Could not import system.Artifact",
    ("next", "logs"): "Could not import system.Artifact",
}


@pytest.fixture(scope="module")
def clusters(tmp_path_factory) -> dict[str, Cluster]:
    def cluster(profile: str) -> Cluster:
        folder = tmp_path_factory.mktemp("lacking")
        return Cluster(PROFILES[profile], FolderStore(folder / "bucket"), folder / "pod", run_in_pod)

    return {profile: cluster(profile) for profile in ("2.5", "next")}


@pytest.fixture(scope="module")
def compiled() -> dict[str, Any]:
    """The first tasks of the training DAG."""
    text = compile_demo("kubeflow", "evaluator.baseline=none", "data.fingerprint=1", "kubeflow.retries=0")
    whole = specification("kubeflow", text, pathlib.Path("bucket"))
    dag = whole["root"]["dag"]
    dag["tasks"] = {name: dag["tasks"][name] for name in TASKS}
    return whole


@pytest.mark.parametrize(("profile", "rule"), MESSAGES)
def test_a_task_fails_without_a_rule(clusters, compiled, demo_data, profile, rule):
    lacking = copy.deepcopy(compiled)
    command = lacking["deploymentSpec"]["executors"]["ExampleValidator_executor"]["container"]["command"]
    command[-1:] = ["lacking", rule]
    # All but that task is done, or cached after the first time.
    with pytest.raises(LauncherError, match=MESSAGES[profile, rule]):
        walk(clusters[profile], lacking, {"data_root": str(demo_data)})
