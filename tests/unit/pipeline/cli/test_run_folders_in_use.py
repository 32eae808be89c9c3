"""Commands that write to a run's folder wait for none and mix with none: the second is refused in one line."""

import pathlib

import pytest
from recorded_run import RecordedRun

from pipeline.runs.locking.run_lock import LOCK_FILE, held

COMMANDS = {
    "run": ("run", "--config", "demo", "--data-root", "data"),
    "report": ("report", "demo"),
    "comparison": ("report", "--compare", "demo", "other"),
    "audit": ("audit", "demo"),
}


@pytest.fixture
def runs(tmp_path) -> pathlib.Path:
    (tmp_path / "data").mkdir()
    for name in ("demo", "other"):
        RecordedRun(tmp_path / "runs" / name)
    return tmp_path / "runs"


@pytest.mark.parametrize("command", ["run", "audit"])
def test_a_second_command_is_refused(deepfake, runs, command):
    with held(str(runs / "demo"), "deepfake run"):
        code, _, errors = deepfake(*COMMANDS[command])
    (line,) = errors.splitlines()
    assert code == 2
    assert line.startswith("deepfake: runs/demo: deepfake run (process ")
    assert "is at work there; wait for it" in line


def test_readers_need_no_lock_and_leave_none(deepfake, runs):
    with held(str(runs / "demo"), "deepfake run"):
        _, _, errors = deepfake("lineage", "demo")
    assert "is at work there" not in errors
    assert not (runs / "demo" / LOCK_FILE).exists()


def test_a_scoring_of_the_same_name_is_no_second_run(deepfake, runs):
    with held(str(runs / "demo"), "deepfake run"):
        _, _, errors = deepfake("run", "--pipeline", "scoring", "--name", "demo", "--data-root", "data")
    assert "is at work there" not in errors


def test_a_refused_run_leaves_no_lock(deepfake, tmp_path):
    (tmp_path / "data").mkdir()
    code, _, _ = deepfake("run", "--config", "demo", "--data-root", "data")
    assert code == 2
    assert not (tmp_path / "runs").exists()
