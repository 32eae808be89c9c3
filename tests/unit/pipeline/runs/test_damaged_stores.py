"""A store that is damaged, foreign or locked is told in one line, and never waited for without end."""

import contextlib
import os
import pathlib
import sqlite3
import subprocess
import sys
import time

import pytest
from recorded_run import RecordedRun

from components.errors import UserError
from pipeline.runs.store import connect
from pipeline.runs.store_file import opening
from pipeline.terminal.console import notices_shown

STORE = "metadata.sqlite"
LOCK = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute(sys.argv[2])
connection.execute("SELECT * FROM MLMDEnv").fetchone()
print("locked", flush=True)
time.sleep(float(sys.argv[3]))
"""


def a_store(path: pathlib.Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    run = RecordedRun(path.parent)
    videos = run.record("VideoExampleGen", outputs=("examples",))
    run.record("Trainer", videos, ("model",))
    return path.read_bytes()


def foreign(path: pathlib.Path) -> bytes:
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE photos (name TEXT)")
    return path.read_bytes()


def damaged(kind: str, whole: bytes, folder: pathlib.Path) -> bytes:
    return {
        "garbage": b"no store" * 1000,
        "half": whole[: len(whole) // 2],
        "few bytes": whole[:50],
        "a page of zeros": whole[:4096] + bytes(4096) + whole[8192:],
        "zeros": bytes(len(whole)),
        "foreign": foreign(folder / "photos.sqlite"),
    }[kind]


DAMAGES = ("garbage", "half", "few bytes", "a page of zeros", "zeros", "foreign")


@pytest.mark.parametrize("kind", DAMAGES)
def test_every_command_tells_a_damaged_store_in_one_line(kind, deepfake, tmp_path):
    store = tmp_path / "runs" / "demo" / STORE
    content = damaged(kind, a_store(store), tmp_path)
    store.write_bytes(content)
    (tmp_path / "data").mkdir()
    for command in (
        ("report", "demo"),
        ("lineage", "demo"),
        ("audit", "demo"),
        ("run", "--config", "demo", "--data-root", "data"),
    ):
        code, _, errors = deepfake(*command)
        (line,) = errors.splitlines()
        assert code == 2
        assert f"runs/demo/{STORE}: no store of a run can be read there (" in line
        assert "put back a copy of it, or remove it" in line
        assert store.read_bytes() == content


@pytest.mark.parametrize(
    "change", ["DROP TABLE Event", "UPDATE MLMDEnv SET schema_version = 99", "DELETE FROM MLMDEnv"]
)
def test_a_store_of_another_schema_is_one_line(change, deepfake, tmp_path):
    store = tmp_path / "runs" / "demo" / STORE
    a_store(store)
    with contextlib.closing(sqlite3.connect(store)) as connection, connection:
        connection.execute(change)
    for command in (("report", "demo"), ("lineage", "demo"), ("audit", "demo")):
        code, _, errors = deepfake(*command)
        (line,) = errors.splitlines()
        assert code == 2
        assert "no store of a run can be read there" in line


def test_a_folder_in_the_place_of_a_store_is_one_line(deepfake, tmp_path):
    (tmp_path / "runs" / "demo" / STORE).mkdir(parents=True)
    (tmp_path / "data").mkdir()
    code, _, errors = deepfake("run", "--config", "demo", "--data-root", "data")
    (line,) = errors.splitlines()
    assert (code, "it is not a file" in line) == (2, True)


def test_one_damaged_store_is_passed_over_where_no_run_is_named(deepfake, tmp_path):
    a_store(tmp_path / "runs" / "good" / STORE)
    (tmp_path / "runs" / "bad").mkdir()
    (tmp_path / "runs" / "bad" / STORE).write_bytes(b"no store" * 100)
    code, _, errors = deepfake("lineage")
    passed_over, line = errors.splitlines()
    assert code == 2
    assert f"passed over: runs/bad/{STORE}: no store of a run can be read there" in passed_over
    assert "no run has pushed a model there" in line
    code, _, errors = deepfake("report")
    assert f"passed over: runs/bad/{STORE}" in errors
    assert "runs/good: the run never came to a report" in errors


@contextlib.contextmanager
def locked(path: pathlib.Path, *, how: str = "BEGIN EXCLUSIVE", for_s: float = 60):
    process = subprocess.Popen(
        [sys.executable, "-c", LOCK, str(path), how, str(for_s)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "locked\n"
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_locked_store_is_waited_for_with_a_word(tmp_path):
    a_store(tmp_path / STORE)
    notices: list[str] = []
    with locked(tmp_path / STORE, for_s=3) as process, notices_shown(notices.append):
        connect(str(tmp_path / STORE))
    (told,) = notices
    assert f"{STORE}: locked by python" in told
    assert f"(process {process.pid}); waiting, 2 of at most 60 s" in told


@pytest.mark.parametrize("to_write", [False, True])
def test_in_the_end_a_locked_store_is_given_up(tmp_path, monkeypatch, to_write):
    monkeypatch.setattr(opening, "STORE_WAIT_S", 0.3)
    a_store(tmp_path / STORE)
    with locked(tmp_path / STORE) as process:
        start = time.monotonic()
        with pytest.raises(UserError, match=rf"still locked by python\S* \(process {process.pid}\) after \d+ s"):
            connect(str(tmp_path / STORE), to_write=to_write)
        assert time.monotonic() - start < 5


def test_only_a_writer_waits_for_readers(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "STORE_WAIT_S", 0.3)
    a_store(tmp_path / STORE)
    with locked(tmp_path / STORE, how="BEGIN"):
        connect(str(tmp_path / STORE))
        with pytest.raises(UserError, match="still locked by python"):
            connect(str(tmp_path / STORE), to_write=True)


@pytest.mark.skipif(os.getuid() == 0, reason="this user can write everything")
def test_a_store_that_cannot_be_written_is_one_line(tmp_path):
    a_store(tmp_path / STORE)
    (tmp_path / STORE).chmod(0o444)
    connect(str(tmp_path / STORE))
    with pytest.raises(UserError, match="cannot be written; correct your access"):
        connect(str(tmp_path / STORE), to_write=True)


@pytest.mark.parametrize("content", [None, b""])
def test_no_store_and_an_empty_file_are_a_new_store(tmp_path, content):
    if content is not None:
        (tmp_path / STORE).write_bytes(content)
    assert connect(str(tmp_path / STORE), to_write=True).get_executions() == []
