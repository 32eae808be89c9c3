"""Executions are counted on from above every folder that is there, whatever became of the store."""

import pathlib

import pytest
from ml_metadata.proto import metadata_store_pb2 as proto

from pipeline.runs.store import connect
from pipeline.runs.store_file.execution_ids import start_above_folders
from pipeline.terminal.console import notices_shown


@pytest.fixture
def store(tmp_path) -> str:
    return str(tmp_path / "metadata.sqlite")


def outputs(folder: pathlib.Path, *names: str) -> list[str]:
    for name in names:
        (folder / name).mkdir(parents=True)
    return [str(folder), str(folder.parent / "nothing there")]


def next_id(store: str) -> int:
    metadata = connect(store)
    kind = metadata.put_execution_type(proto.ExecutionType(name="Node"))
    (number,) = metadata.put_executions([proto.Execution(type_id=kind)])
    return number


def test_a_new_store_starts_above_the_folders_that_are_there(store, tmp_path):
    folders = outputs(tmp_path / "Trainer" / "model", "3", "12", "notes", "²", "9" * 30)
    notices: list[str] = []
    with notices_shown(notices.append):
        start_above_folders(store, folders)
    (line,) = notices
    assert line.startswith(f"{tmp_path}/Trainer/model/12: ")
    assert next_id(store) == 13
    # The next run has nothing to skip, and nothing to tell.
    with notices_shown(notices.append):
        start_above_folders(store, outputs(tmp_path / "Trainer" / "model", "13"))
    assert (next_id(store), len(notices)) == (14, 1)


def test_an_older_copy_of_the_store_starts_above_them_too(store, tmp_path):
    for _ in range(3):
        next_id(store)
    start_above_folders(store, outputs(tmp_path / "Trainer" / "model", "20"))
    assert next_id(store) == 21


def test_where_nothing_is_there_ids_are_as_ever(store, tmp_path):
    start_above_folders(store, outputs(tmp_path / "Trainer" / "model"))
    assert next_id(store) == 1
