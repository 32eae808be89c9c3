"""What a container does between Kubeflow Pipelines' launcher and TFX, in each version."""

import json
import pathlib
from typing import Any

import pytest
from kubeflow_cluster.cluster import walk
from kubeflow_cluster.errors import LauncherError
from kubeflow_cluster.profiles import PROFILES
from kubeflow_cluster.small_pipeline import EXAMPLES, cluster, path, prepared, specification

from components.errors import UserError
from components.recorded_files import FILES_PROPERTY, files_from_json
from pipeline.runners import kubeflow_container
from pipeline.runners.kubeflow_container import local_path, prepare

PARTS = {"count": 3, "names": ["train", "eval"], "sizes": {"train": 2}, "text": "x", "nothing": None}


def write(given: dict[str, Any]) -> dict[str, Any]:
    (path(given, "outputs", "examples") / "file").write_text("content")
    return {"examples": PARTS}


@pytest.mark.parametrize("profile", PROFILES)
def test_a_task_gets_what_the_one_before_has_written(tmp_path, profile):
    def read(given):
        assert set(given["outputs"]["artifacts"]) == {"result"}
        (examples,) = given["inputs"]["artifacts"]["examples"]["artifacts"]
        assert examples["type"] == EXAMPLES
        assert list(files_from_json(examples["metadata"].pop(FILES_PROPERTY))) == ["file"]
        assert examples["metadata"] == {name: value for name, value in PARTS.items() if value is not None}
        assert (path(given, "inputs", "examples") / "file").read_text() == "content"
        return {"result": {}}

    results = walk(cluster(tmp_path, profile, prepared(Writer=write, Reader=read)), specification(), {})
    assert results["Reader"].attempts == 1


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("content", "words"),
    [(b"conten", "file has 6 bytes, not 7"), (b"CONTENT", "file is not as it was written"), (None, "file is missing")],
)
def test_a_task_refuses_what_is_not_as_it_was_written(tmp_path, profile, content, words):
    containers = prepared(Writer=write, Reader=lambda _: pytest.fail("must not run"))

    def damaged(command, environment, log):
        for copy in pathlib.Path(environment["ARTIFACT_LOCAL_PATH"]).rglob("file"):
            copy.unlink() if content is None else copy.write_bytes(content)
        return containers(command, environment, log)

    with pytest.raises(UserError, match=f"examples: .*: {words}; submit the run again without the cache") as told:
        walk(cluster(tmp_path, profile, damaged), specification(), {})
    assert len(str(told.value).splitlines()) == 1


@pytest.mark.parametrize("profile", PROFILES)
def test_an_output_without_files_is_an_empty_folder(tmp_path, profile):
    def read(given):
        assert list(path(given, "inputs", "examples").iterdir()) == []
        return {}

    walk(cluster(tmp_path, profile, prepared(Writer=lambda _: {}, Reader=read)), specification(), {})


@pytest.mark.parametrize("profile", PROFILES)
def test_a_folder_that_is_only_marked_is_an_empty_folder(tmp_path, profile):
    def read(given):
        assert list(path(given, "inputs", "baseline").iterdir()) == []
        return {}

    here = cluster(tmp_path, profile, prepared(Writer=write, Reader=read))
    here.store.write("model/1/", b"")
    walk(here, specification("gs://bucket/model/1"), {})


@pytest.mark.parametrize("profile", PROFILES)
def test_outputs_name_the_bucket_where_the_executor_named_the_pod(tmp_path, profile):
    def read(given):
        baseline = str(path(given, "inputs", "baseline") / "Format-Serving")
        assert baseline.startswith(str(tmp_path))
        folder = path(given, "outputs", "result") / "below"
        folder.mkdir()
        (folder / "decision.json").write_text(json.dumps({"baseline": baseline}))
        (folder / "untouched.bin").write_bytes(b"\xff\x00")
        return {"result": {"model": baseline, "parts": [baseline]}}

    here = cluster(tmp_path, profile, prepared(Writer=write, Reader=read))
    here.store.write("model/1/saved_model.pb", b"graph")
    result = walk(here, specification("gs://bucket/model/1"), {})["Reader"].outputs["result"]
    there = "gs://bucket/model/1/Format-Serving"
    assert result.metadata["model"] == there
    assert json.dumps(result.metadata["parts"]).count(there) == 1
    (key,) = (key for key in here.store.keys("artifacts/") if key.endswith("decision.json"))
    assert json.loads(here.store.read(key)) == {"baseline": there}
    assert str(tmp_path) not in json.dumps(result.metadata)


@pytest.mark.parametrize(
    ("uri", "copy"),
    [
        ("gs://bucket/a/b", "/gcs/bucket/a/b"),
        ("s3://bucket/a/b/", "/s3/bucket/a/b"),
        ("minio://bucket/a", "/minio/bucket/a"),
        ("/somewhere/else", "/somewhere/else"),
    ],
)
def test_copies_are_where_the_launcher_makes_them(monkeypatch, uri, copy):
    monkeypatch.delenv("ARTIFACT_LOCAL_PATH", raising=False)
    assert local_path(uri) == copy


@pytest.mark.parametrize("kind", [{"instanceSchema": ""}, {"schemaTitle": EXAMPLES["instanceSchema"]}])
def test_types_come_from_the_components_own_specification(tmp_path: pathlib.Path, kind):
    artifact = {"name": "7", "uri": str(tmp_path), "type": kind}
    given = {"inputs": {"artifacts": {"examples": {"artifacts": [artifact]}}}, "outputs": {"artifacts": {}}}
    prepare(given, {"artifacts": {"examples": {"artifactType": EXAMPLES}}})
    assert artifact["type"] == EXAMPLES


@pytest.mark.parametrize(
    ("profile", "rule", "metadata", "message"),
    [
        ("2.17", "finish", {}, 'unrecognized uri format: "/.*/examples"'),
        ("2.17", "finish", {"nothing": None}, "unknown/unsupported value type"),
        ("next", "_make_folder", {}, 'declared output artifact "examples" is missing'),
    ],
)
def test_the_launcher_fails_a_task_without_a_rule(tmp_path, monkeypatch, profile, rule, metadata, message):
    containers = prepared(Writer=lambda _: {"examples": metadata}, Reader=lambda _: {})
    walk(cluster(tmp_path / "whole", profile, containers), specification(), {})
    monkeypatch.setattr(kubeflow_container, rule, lambda *_: None)
    with pytest.raises(LauncherError, match=message):
        walk(cluster(tmp_path / "lacking", profile, containers), specification(), {})
