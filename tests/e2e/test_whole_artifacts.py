"""A local run takes from the cache only what is as it was written, tried on two small nodes."""

import contextlib
import os
import pathlib
import shutil
from collections.abc import Callable

import apache_beam as beam
import pytest
from earlier_version import earlier_version
from ml_metadata.proto import metadata_store_pb2
from tfx.dsl.component.experimental.annotations import BeamComponentParameter, InputArtifact, OutputArtifact
from tfx.dsl.component.experimental.decorators import component
from tfx.orchestration.local.local_dag_runner import LocalDagRunner
from tfx.orchestration.metadata import sqlite_metadata_connection_config
from tfx.orchestration.pipeline import Pipeline
from tfx.orchestration.portable import launcher
from tfx.types import artifact_utils, standard_artifacts

from components.recorded_files import FILES_PROPERTY, files_from_json
from components.served_model.version_files import write_version_files
from pipeline.runners.whole_artifacts.local import whole_artifacts
from pipeline.runs.store import connect, iter_executions

pytestmark = pytest.mark.e2e


@component(use_beam=True)
def Writer(  # noqa: N802 (components are named as classes)
    examples: OutputArtifact[standard_artifacts.Examples],
    beam_pipeline: BeamComponentParameter[beam.Pipeline] = None,
):
    folder = pathlib.Path(examples.uri) / "Split-train"
    folder.mkdir()
    (folder / "data").write_bytes(b"records")


@component
def Reader(  # noqa: N802
    examples: InputArtifact[standard_artifacts.Examples],
    pushed_model: OutputArtifact[standard_artifacts.PushedModel],
):
    content = (pathlib.Path(examples.uri) / "Split-train" / "data").read_bytes()
    assert content == b"records"
    version = pathlib.Path(examples.uri).parents[3] / "versions" / os.path.basename(pushed_model.uri)
    write_version_files(str(earlier_version(version.parent, version.name)))
    pushed_model.set_string_custom_property("pushed_destination", str(version))


@pytest.fixture
def run(tmp_path) -> Callable[[], tuple[dict[str, str], list[str]]]:
    """Runs both nodes, and returns their states and what was told."""
    store = str(tmp_path / "metadata.sqlite")

    def run() -> tuple[dict[str, str], list[str]]:
        writer = Writer()
        reader = Reader(examples=writer.outputs["examples"])
        pipeline = Pipeline(
            pipeline_name="small",
            pipeline_root=str(tmp_path / "artifacts"),
            components=[writer, reader],
            enable_cache=True,
            metadata_connection_config=sqlite_metadata_connection_config(store),
        )
        told: list[str] = []
        with whole_artifacts(told.append):
            LocalDagRunner().run(pipeline)
        nodes = ("Writer", "Reader")
        return {node: next(iter_executions(connect(store), "small", node)).state for node in nodes}, told

    return run


def data_file(folder: pathlib.Path) -> pathlib.Path:
    (path,) = folder.glob("artifacts/Writer/examples/*/Split-train/data")
    return path


DAMAGE = {
    "cut": (lambda path: path.write_bytes(b"rec"), "Split-train/data has 3 bytes, not 7"),
    "flipped": (lambda path: path.write_bytes(b"recorda"), "Split-train/data is not as it was written"),
    "missing": (os.remove, "Split-train/data is missing"),
    "its folder is missing": (lambda path: shutil.rmtree(path.parents[1]), "Split-train/data is missing"),
    "a second shard": (lambda path: path.with_name("more").touch(), "Split-train/more was added"),
    "a folder in its place": (lambda path: (path.unlink(), path.mkdir()), "Split-train/data is missing"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_damaged_is_made_anew_with_all_that_follows(run, tmp_path, damage):
    assert run() == ({"Writer": "done", "Reader": "done"}, [])
    assert run() == ({"Writer": "cached", "Reader": "cached"}, [])
    change, words = DAMAGE[damage]
    path = data_file(tmp_path)
    change(path)
    states, told = run()
    assert states == {"Writer": "done", "Reader": "done"}
    assert told == [f"made anew: {path.parents[1]}: {words}"]
    assert run() == ({"Writer": "cached", "Reader": "cached"}, [])


def test_a_pushed_version_that_is_not_whole_is_pushed_anew(run, tmp_path):
    run()
    (version,) = (tmp_path / "versions").iterdir()
    shutil.rmtree(version)
    version.mkdir()
    states, told = run()
    assert states == {"Writer": "cached", "Reader": "done"}
    assert told == [f"made anew: {version}: saved_model.pb is missing"]


def test_what_an_earlier_version_made_is_taken_as_it_is(run, tmp_path):
    run()
    store = connect(str(tmp_path / "metadata.sqlite"))
    (artifact,) = store.get_artifacts_by_type("Examples")
    assert list(files_from_json(artifact.custom_properties[FILES_PROPERTY].string_value)) == ["Split-train/data"]
    assert artifact.state == metadata_store_pb2.Artifact.LIVE
    del artifact.custom_properties[FILES_PROPERTY]
    store.put_artifacts([artifact])
    assert run()[1] == []


def test_outside_of_a_run_tfx_is_as_it_was():
    operators, verify = dict(launcher.DEFAULT_EXECUTOR_OPERATORS), artifact_utils.verify_artifacts
    with contextlib.suppress(ZeroDivisionError), whole_artifacts(print):
        assert operators != launcher.DEFAULT_EXECUTOR_OPERATORS
        raise ZeroDivisionError
    assert operators == launcher.DEFAULT_EXECUTOR_OPERATORS
    assert artifact_utils.verify_artifacts is verify
