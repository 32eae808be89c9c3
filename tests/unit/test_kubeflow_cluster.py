"""The double of Kubeflow Pipelines fails what the real one fails, with its messages."""

import json
import os
import pathlib
from collections.abc import Callable
from typing import Any

import pytest
from kubeflow_cluster.cluster import walk
from kubeflow_cluster.driver import LOGS
from kubeflow_cluster.errors import LauncherError
from kubeflow_cluster.profiles import PROFILES
from kubeflow_cluster.small_pipeline import bare, cluster, specification
from kubeflow_cluster.transfer import local_path

Json = dict[str, Any]
Container = Callable[[Json, pathlib.Path], None]
WITH_MLMD = ["2.5", "2.17"]
MODEL = "gs://bucket/model/1"


def copy(given: Json, pod: pathlib.Path, side: str, key: str) -> pathlib.Path:
    (artifact,) = given[side]["artifacts"][key]["artifacts"]
    return local_path(pod, artifact["uri"])


def write(given: Json, pod: pathlib.Path) -> None:
    folder = copy(given, pod, "outputs", "examples")
    folder.mkdir()
    (folder / "file").write_text("content")


def telling(told: Json) -> Container:
    """A container that writes its output, and tells more of it."""

    def run(given: Json, pod: pathlib.Path) -> None:
        write(given, pod)
        file = pathlib.Path(given["outputs"]["outputFile"])
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(told))

    return run


def nothing(given: Json, pod: pathlib.Path) -> None:
    copy(given, pod, "outputs", "result").mkdir()


def of_examples(**told: Any) -> Json:
    return {"artifacts": {"examples": {"artifacts": [told]}}}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("told", "message"),
    [
        (of_examples(uri="gs://bucket/elsewhere"), 'URI "gs://bucket/elsewhere" does not have expected bucket prefix'),
        (of_examples(unknown=1), 'failed to unmarshall ExecutorOutput in file ".*output_metadata.json"'),
    ],
)
def test_what_a_task_tells_is_read_strictly(tmp_path, profile, told, message):
    with pytest.raises(LauncherError, match=message):
        walk(cluster(tmp_path, profile, bare(Writer=telling(told))), specification(), {})


@pytest.mark.parametrize("profile", WITH_MLMD)
def test_ml_metadata_stores_no_null(tmp_path, profile):
    message = (
        r'unable to produce MLMD artifact for output "examples": .* unknown/unsupported value type \*structpb.Value_N'
    )
    told = of_examples(metadata={"nothing": None})
    with pytest.raises(LauncherError, match=message):
        walk(cluster(tmp_path, profile, bare(Writer=telling(told))), specification(), {})


@pytest.mark.parametrize("profile", PROFILES)
def test_inputs_lose_their_types_and_have_more_metadata(tmp_path, profile):
    inputs = {}

    def read(given, pod):
        inputs.update(given["inputs"]["artifacts"])
        nothing(given, pod)

    told = of_examples(metadata={"count": 3, "sizes": {"train": 2}, "names": ["a"], "yes": True})
    walk(cluster(tmp_path, profile, bare(Writer=telling(told), Reader=read)), specification(), {})
    (examples,) = inputs["examples"]["artifacts"]
    if profile in WITH_MLMD:
        assert examples["type"] == {"instanceSchema": ""}
        assert examples["name"].isdigit()
        assert set(examples["metadata"]) == {"count", "sizes", "names", "yes", "display_name", "store_session_info"}
        assert examples["metadata"]["sizes"] == {"struct": {"train": 2}}
        assert examples["metadata"]["names"] == {"list": ["a"]}
        assert examples["metadata"]["yes"] == 1
    else:
        assert examples["type"] == {"schemaTitle": "title: tfx.Examples\ntype: object\n"}
        assert examples["name"] == "examples"
        assert examples["metadata"] == {"count": 3, "sizes": {"train": 2}, "names": ["a"], "yes": True}


def test_an_output_that_is_not_in_the_pod_fails_without_ml_metadata_only(tmp_path):
    containers = bare(Writer=lambda *_: None, Reader=nothing)
    for profile in WITH_MLMD:
        walk(cluster(tmp_path / profile, profile, containers), specification(), {})
    with pytest.raises(LauncherError, match=r'declared output artifact "examples" is missing at ".*/examples"'):
        walk(cluster(tmp_path / "next", "next", containers), specification(), {})


@pytest.mark.parametrize("profile", PROFILES)
def test_an_object_that_marks_a_folder_is_in_the_way_of_what_is_in_it(tmp_path, profile):
    here = cluster(tmp_path, profile, bare(Writer=write, Reader=nothing))
    for key in ("model/1/assets.extra/", "model/1/assets.extra/model.json", "model/1/saved_model.pb"):
        here.store.write(key, b"")
    message = f'failed to download input artifact "baseline" from remote storage URI "{MODEL}": .*not a directory'
    with pytest.raises(LauncherError, match=message):
        walk(here, specification(MODEL), {})


@pytest.mark.parametrize(("profile", "with_the_tenth"), [("2.5", True), ("2.17", False), ("next", False)])
def test_only_the_oldest_also_takes_names_that_begin_alike(tmp_path, profile, with_the_tenth):
    def read(given, pod):
        folder = copy(given, pod, "inputs", "baseline")
        assert os.listdir(folder) == ["saved_model.pb"]
        assert folder.with_name("10").exists() == with_the_tenth
        nothing(given, pod)

    here = cluster(tmp_path, profile, bare(Writer=write, Reader=read))
    for key in ("model/1/saved_model.pb", "model/10/saved_model.pb"):
        here.store.write(key, b"")
    walk(here, specification(MODEL), {})


@pytest.mark.parametrize("profile", PROFILES)
def test_each_attempt_has_a_fresh_pod(tmp_path, profile):
    attempts = []

    def read(given, pod):
        attempts.append(copy(given, pod, "outputs", LOGS).name)
        assert os.listdir(pod / "tmp") == []
        (pod / "tmp" / "left").touch()
        if len(attempts) == 1:
            raise LauncherError("exit status 1")
        nothing(given, pod)

    results = walk(cluster(tmp_path, profile, bare(Writer=write, Reader=read)), specification(), {})
    assert results["Reader"].attempts == 2
    assert attempts == (["executor-logs"] * 2 if profile == "2.5" else ["executor-logs-0", "executor-logs-1"])
