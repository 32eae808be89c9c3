"""A pipeline of two small nodes, run by TFX: what it does after the loss of its store, and while that is locked."""

import pathlib
import subprocess
import sys

import pytest
from tfx.orchestration.local.local_dag_runner import LocalDagRunner
from tfx.orchestration.metadata import Metadata, sqlite_metadata_connection_config
from tfx.orchestration.pipeline import Pipeline
from tfx.orchestration.portable import outputs_utils

from components.errors import UserError
from components.packaged_schema.component import PackagedSchema
from pipeline.runners.launching.own_folders import output_folders, use_own_folders_only
from pipeline.runners.launching.waiting_for_store import wait_for_locked_stores
from pipeline.runs.store_file import opening
from pipeline.runs.store_file.execution_ids import start_above_folders
from pipeline.terminal.console import notices_shown
from schemas import schema_text

STORE = "metadata.sqlite"


@pytest.fixture(autouse=True)
def launcher(monkeypatch):
    """What a run makes TFX heed, undone after each test."""
    monkeypatch.setattr(outputs_utils, "make_output_dirs", outputs_utils.make_output_dirs)
    monkeypatch.setattr(Metadata, "__enter__", Metadata.__enter__)
    use_own_folders_only()
    wait_for_locked_stores()


def small_pipeline(folder: pathlib.Path, store: str = STORE) -> Pipeline:
    nodes = [PackagedSchema(text=schema_text("video"), code_version="1").with_id(name) for name in ("First", "Second")]
    return Pipeline(
        pipeline_name="small",
        pipeline_root=str(folder / "artifacts"),
        components=nodes,
        enable_cache=True,
        metadata_connection_config=sqlite_metadata_connection_config(str(folder / store)),
    )


def run(folder: pathlib.Path) -> None:
    pipeline = small_pipeline(folder)
    start_above_folders(str(folder / STORE), output_folders(pipeline))
    LocalDagRunner().run(pipeline)


def made(folder: pathlib.Path) -> dict[str, int]:
    return {str(file.relative_to(folder)): file.stat().st_mtime_ns for file in folder.rglob("schema.pbtxt")}


@pytest.mark.parametrize(
    "lose", [pathlib.Path.unlink, lambda store: store.write_bytes(b"")], ids=["removed", "emptied"]
)
def test_after_the_loss_of_the_store_nothing_old_is_touched(tmp_path, lose):
    run(tmp_path)
    before = made(tmp_path)
    assert set(before) == {
        f"artifacts/{name}/schema/{number}/schema.pbtxt" for number, name in enumerate(("First", "Second"), 1)
    }
    lose(tmp_path / STORE)
    run(tmp_path)
    after = made(tmp_path)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {
        f"artifacts/{name}/schema/{number}/schema.pbtxt" for number, name in enumerate(("First", "Second"), 3)
    }
    # Then all is in the store again, and taken from the cache.
    run(tmp_path)
    assert made(tmp_path) == after


def test_a_folder_that_is_filled_meanwhile_is_refused_and_left(tmp_path):
    run(tmp_path)
    before = made(tmp_path)
    # Without looking at what is there first, as if another run had made it since.
    with pytest.raises(UserError, match="First/schema/1: another run has left files there; type the same again"):
        LocalDagRunner().run(small_pipeline(tmp_path, "another.sqlite"))
    assert made(tmp_path) == before


def test_a_locked_store_ends_the_run_with_a_line(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "STORE_WAIT_S", 3.0)
    run(tmp_path)
    lock = "import sqlite3, sys, time; store = sqlite3.connect(sys.argv[1], isolation_level=None); "
    lock += "store.execute('BEGIN EXCLUSIVE'); print('locked', flush=True); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", lock, str(tmp_path / STORE)], stdout=subprocess.PIPE, text=True)
    notices: list[str] = []
    try:
        assert process.stdout.readline() == "locked\n"
        with notices_shown(notices.append), pytest.raises(UserError, match=f"process {process.pid}.* after 3 s"):
            LocalDagRunner().run(small_pipeline(tmp_path))
    finally:
        process.kill()
        process.wait()
    (line,) = notices
    assert f"(process {process.pid}); waiting, 2 of at most 3 s" in line
    LocalDagRunner().run(small_pipeline(tmp_path))
