"""A state that a fault has damaged is put aside, and the training starts anew."""

import os
import pathlib

import numpy as np
import pytest

from components import storage
from components.trainer.training_state import StateFile, TrainingState

STATE = TrainingState([np.arange(6, dtype=np.float32), np.asarray(7)], [np.ones(3)], {"val_loss": [0.5, float("nan")]})


@pytest.fixture
def state_file(tmp_path) -> StateFile:
    state_file = StateFile(str(tmp_path), "key")
    state_file.write(STATE)
    return state_file


@pytest.fixture
def path(state_file, tmp_path) -> pathlib.Path:
    return tmp_path / "key" / "state.npz"


@pytest.mark.parametrize("kept", [0, 1, 40, 200, -1, -30])
def test_a_cut_state_is_put_aside_with_a_line(state_file, path, notices, kept):
    content = path.read_bytes()
    path.write_bytes(content[:kept])
    assert state_file.read() is None
    (line,) = notices
    assert f"{path}: cannot be read" in line
    assert "starts anew" in line
    aside = path.with_name("state.npz.unreadable")
    assert aside.read_bytes() == content[:kept]
    state_file.write(STATE)
    assert state_file.read().history["val_loss"][0] == 0.5
    state_file.remove()
    assert not path.parent.exists()


@pytest.mark.parametrize("history", ['{"val_loss": [0.5', "[]", '{"val_loss": "x"}', '{"val_loss": [null]}', "7"])
def test_a_history_that_is_none_is_put_aside(state_file, path, history):
    with np.load(path) as arrays:
        np.savez(path, **{**arrays, "history": np.asarray(history)})
    assert state_file.read() is None
    assert not path.exists()


@pytest.mark.parametrize("kind", ["folder", "pipe", "text", "array", "pickle"])
def test_what_is_no_state_is_put_aside(state_file, path, kind):
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "text":
        path.write_text("no state")
    else:
        with path.open("wb") as file:
            np.save(file, np.ones(3) if kind == "array" else np.asarray([{}]), allow_pickle=True)
    for _ in range(2):
        assert state_file.read() is None
        assert not path.exists()
        path.mkdir()


def test_a_state_that_cannot_be_kept_does_not_end_the_training(tmp_path, notices):
    (tmp_path / "file").touch()
    state_file = StateFile(str(tmp_path / "file"), "key")
    state_file.write(STATE)
    (line,) = notices
    assert "Not a directory" in line
    assert "start anew" in line
    assert state_file.read() is None


def test_a_state_in_a_bucket_is_removed(notices):
    state_file = StateFile("ram://states", "cut")
    state_file.write(STATE)
    storage.remove("ram://states/cut/state.npz")
    storage.write_bytes("ram://states/cut/state.npz", b"PK")
    assert state_file.read() is None
    assert "removed" in notices[0]
    assert state_file.read() is None
