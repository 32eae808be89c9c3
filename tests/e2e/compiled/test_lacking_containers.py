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
NO_TYPE = "'NoneType' object has no attribute 'get'"
NO_TITLE = "the type's text is no title"
NO_CLASS = "Could not import system.Artifact"


@pytest.fixture(scope="module", params=["2.5", "next"])
def cluster(request, tmp_path_factory) -> Cluster:
    folder = tmp_path_factory.mktemp("lacking")
    return Cluster(PROFILES[request.param], FolderStore(folder / "bucket"), folder / "pod", run_in_pod)


@pytest.fixture(scope="module")
def compiled() -> dict[str, Any]:
    """The first tasks of the training DAG."""
    text = compile_demo("kubeflow", "evaluator.baseline=none", "data.fingerprint=1", "kubeflow.retries=0")
    whole = specification("kubeflow", text, pathlib.Path("bucket"))
    dag = whole["root"]["dag"]
    dag["tasks"] = {name: dag["tasks"][name] for name in TASKS}
    return whole


@pytest.mark.parametrize(("rule", "messages"), [("types", (NO_TYPE, NO_TITLE)), ("logs", (NO_CLASS, NO_CLASS))])
def test_a_task_fails_without_a_rule(cluster, compiled, demo_data, rule, messages):
    parameters = {"data_root": str(demo_data)}
    whole = walk(cluster, compiled, parameters)
    assert all(result.attempts == 1 for result in whole.values()) or cluster.cache
    lacking = copy.deepcopy(compiled)
    container = lacking["deploymentSpec"]["executors"]["ExampleValidator_executor"]["container"]
    container["command"] = ["python", "-m", "lacking", rule]
    container["args"] = container["args"]
    with pytest.raises(LauncherError, match=messages[0 if cluster.profile.has_mlmd else 1]):
        walk(cluster, lacking, parameters)
