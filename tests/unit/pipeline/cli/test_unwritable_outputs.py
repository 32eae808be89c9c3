"""What a command is to write is proved before its work, and refused in one line."""

import os
import pathlib
import subprocess

import pytest
from commands import deepfake_command, run_on_small_disk

EXPECTED = {
    "--out taken": ["compile", "--target", "vertex", "--out", "taken"],
    "summary runs/taken/summary.json": ["run", "--config", "demo", "--data-root", "data", "--name", "taken"],
    "push_destination file": ["run", "--config", "demo", "--data-root", "data", "--set", "push_destination=file"],
    "artifacts file/x": ["run", "--config", "demo", "--data-root", "data", "--set", "pipeline_root=file/x"],
    "report runs/made/report/index.html": ["run", "--config", "demo", "--data-root", "data", "--name", "made"],
    "--cache-dir file": ["extract", "data", "--cache-dir", "file"],
    "file/runs/extract.log": ["extract", "data", "--set", "runs_dir=file/runs"],
    "file: cannot be used": ["demo-data", "--out", "file"],
}


@pytest.mark.parametrize("place", EXPECTED)
def test_a_place_that_cannot_be_written_is_one_line(tmp_path, deepfake, place):
    (tmp_path / "taken").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "runs" / "taken" / "summary.json").mkdir(parents=True)
    (tmp_path / "runs" / "made" / "report" / "index.html").mkdir(parents=True)
    code, _, errors = deepfake(*EXPECTED[place])
    (line,) = errors.splitlines()
    assert code == 2
    assert line.startswith(f"deepfake: {place}")


@pytest.mark.e2e
@pytest.mark.parametrize("arguments", [("cache", "stats", "cache"), ("cache", "stats", "cache", "--json")])
def test_output_that_nobody_can_take_is_one_line(tmp_path, arguments):
    (tmp_path / "cache").mkdir()
    with pathlib.Path("/dev/full").open("w") as full:
        command = deepfake_command(*arguments)
        ended = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert line == "deepfake: output: No space left on device; make room there, and type the command again"


@pytest.mark.e2e
def test_what_may_not_be_removed_is_one_line_and_the_rest_goes(tmp_path):
    entries = [tmp_path / "cache" / ("0" * 16) / name / "x.features" for name in ("aa", "bb", "cc")]
    for entry in entries:
        entry.parent.mkdir(parents=True)
        entry.touch()
    entries[1].parent.chmod(0o555)
    command = deepfake_command("cache", "prune", "cache", "--max-gb", "0", "--older-than-days", "0")
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert "bb/x.features: cannot be removed (Permission denied)" in line
    assert [entry.exists() for entry in entries] == [False, True, False]


@pytest.mark.e2e
def test_a_disk_that_fills_under_the_demo_data_is_one_line(tmp_path):
    (tmp_path / "small").mkdir()
    command = deepfake_command("demo-data", "--out", "small", "--videos", "6")
    ended = run_on_small_disk(tmp_path / "small", "60k", command)
    assert ended.returncode == 1, ended.stderr
    (line,) = ended.stderr.splitlines()
    assert line == "deepfake: small: No space left on device; make room there, and type the command again"


@pytest.mark.e2e
def test_a_folder_that_may_not_be_read_is_one_line(tmp_path):
    (tmp_path / "cache").mkdir(mode=0)
    command = deepfake_command("cache", "stats", "cache")
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    os.chmod(tmp_path / "cache", 0o700)
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert line.startswith("deepfake: cache: Permission denied; correct its permissions")
