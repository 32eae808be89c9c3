"""Faults of files around a scoring: what the user can correct is one line, and the cache never ends it."""

import json
import os
import pathlib
import shutil
import subprocess

import pytest
from brightness_model import write_brightness_model
from commands import deepfake_command, run_deepfake, run_on_small_disk
from grey_clips import write_grey_clip
from short_demo import SMALL_ENCODER

pytestmark = pytest.mark.e2e

SCORE = ("score", "videos", "--model", "models", "--out", "rows.jsonl")


@pytest.fixture(scope="module")
def scored(tmp_path_factory) -> pathlib.Path:
    """A folder with a model, two videos and their features in a cache."""
    folder = tmp_path_factory.mktemp("scored")
    write_brightness_model(folder / "models" / "1795571968")
    (folder / "videos").mkdir()
    for brightness in (60, 200):
        write_grey_clip(folder / "videos" / f"{brightness}.mp4", brightness)
    ended = score(folder)
    assert ended.returncode == 0, ended.stderr
    return folder


@pytest.fixture
def folder(scored, tmp_path) -> pathlib.Path:
    return pathlib.Path(shutil.copytree(scored, tmp_path / "copy"))


def score(folder: pathlib.Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_deepfake(folder, *SCORE, *arguments)


def require_scored(folder: pathlib.Path, code: int, errors: str) -> str:
    """Returns the only line on standard error; both videos must have their score."""
    assert code == 0, errors
    rows = [json.loads(line) for line in (folder / "rows.jsonl").read_text().splitlines()]
    assert [round(row["probability"], 1) for row in rows] == [0.8, 0.2]
    # Within this process, what goes to the log is among the errors, too.
    (line,) = set(errors.splitlines())
    return line


def require_refused(code: int, errors: str, expected: int, *words: str) -> None:
    """The command must have told one line with these words, and nothing else."""
    assert code == expected, errors
    (line,) = errors.splitlines()
    assert line.startswith("deepfake: ")
    for each in words:
        assert each in line


def entries(folder: pathlib.Path) -> list[pathlib.Path]:
    return sorted(path for path in folder.rglob("*.features"))


def test_a_cache_of_another_user_costs_time_only(folder):
    cache = folder / "runs" / "feature_cache"
    for entry in entries(cache):
        entry.chmod(0)
    for place in cache.rglob("*/"):
        if place.is_dir():
            place.chmod(0o555)
    cache.chmod(0o555)
    ended = score(folder)
    line = require_scored(folder, ended.returncode, ended.stderr)
    assert "Permission denied" in line
    assert "runs/feature_cache" in line


def test_a_cache_that_is_no_folder_costs_time_only(folder, deepfake, monkeypatch):
    (folder / "file").touch()
    monkeypatch.chdir(folder)
    code, _, errors = deepfake(*SCORE, "--cache-dir", "file")
    assert "Not a directory" in require_scored(folder, code, errors)


def test_a_full_disk_under_the_cache_costs_time_only(folder):
    (folder / "small").mkdir()
    command = deepfake_command(*SCORE, "--cache-dir", "small")
    ended = run_on_small_disk(folder / "small", "100k", command)
    assert "No space left on device" in require_scored(folder, ended.returncode, ended.stderr)


@pytest.mark.long
def test_an_extraction_whose_features_are_lost_says_so(folder):
    (folder / "small").mkdir()
    settings = (SMALL_ENCODER, "encoder.weights=random:0", "encoder.precision=float32", "extraction.workers=2")
    command = deepfake_command("extract", "videos", "--cache-dir", "small", *(f"--set={each}" for each in settings))
    # Features of one clip take 19 KB.
    ended = run_on_small_disk(folder / "small", "60k", command)
    assert ended.returncode == 1, ended.stderr
    *notices, line = ended.stderr.splitlines()
    assert [notice.count("No space left on device") for notice in notices] == [1]
    assert line.startswith("deepfake: small: the features of 1 videos could not be kept")


def test_what_is_no_entry_costs_one_notice(folder, deepfake, monkeypatch):
    first, second = entries(folder)
    first.unlink()
    first.mkdir()
    second.unlink()
    os.mkfifo(second)
    monkeypatch.chdir(folder)
    code, _, errors = deepfake(*SCORE)
    assert ".features: a" in require_scored(folder, code, errors)
    assert second.is_file()


@pytest.mark.parametrize("option", ["--out", "--explain", "--gif", "--submission"])
def test_an_output_that_cannot_be_written_is_told_before_any_work(folder, deepfake, monkeypatch, option):
    (folder / "taken.csv").mkdir()
    (folder / "like.csv").write_text("filename,label\n60.mp4,0.5\n")
    further = ["--like", "like.csv"] if option == "--submission" else []
    # Without a model, so nothing was looked at.
    shutil.rmtree(folder / "models")
    monkeypatch.chdir(folder)
    code, _, errors = deepfake(*SCORE, option, "taken.csv", *further)
    require_refused(code, errors, 2, f"{option} taken.csv", "Is a directory")


@pytest.mark.parametrize("option", ["--out", "--submission"])
def test_a_disk_that_fills_under_an_output_is_one_line(folder, deepfake, monkeypatch, option):
    (folder / "rows.csv").symlink_to("/dev/full")
    (folder / "like.csv").write_text("filename,label\n60.mp4,0.5\n")
    monkeypatch.chdir(folder)
    code, _, errors = deepfake(*SCORE, "--like", "like.csv", "--submission", "out.csv", option, "rows.csv")
    require_refused(code, errors, 1, "rows.csv: No space left on device; make room")


def test_a_working_folder_that_is_read_only_is_one_line(folder, tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "here").chmod(0o555)
    videos, models = str(folder / "videos"), str(folder / "models")
    ended = run_deepfake(tmp_path / "here", "score", videos, "--model", models)
    require_refused(ended.returncode, ended.stderr, 2, "runs/score.log", "Permission denied", "--runs-dir")
    elsewhere = ["--runs-dir", str(folder / "runs"), "--out", "x.csv"]
    ended = run_deepfake(tmp_path / "here", "score", videos, "--model", models, *elsewhere)
    require_refused(ended.returncode, ended.stderr, 2, "--out x.csv")


@pytest.mark.parametrize("kind", ["another user's", "folder", "pipe"])
def test_a_log_that_cannot_be_written_is_one_line(folder, kind):
    log = folder / "runs" / "score.log"
    log.unlink()
    if kind == "pipe":
        os.mkfifo(log)
    elif kind == "folder":
        log.mkdir()
    else:
        log.touch(0o444)
    ended = score(folder)
    require_refused(ended.returncode, ended.stderr, 2, "runs/score.log: cannot be written")


def test_a_failed_write_of_the_rows_leaves_those_before(folder):
    (folder / "disk").mkdir()
    # Room for the block that proves the place, and not for the page.
    fill = 'printf before > disk/page.html && head -c 70k /dev/zero > disk/more; exec "$@"'
    command = deepfake_command("score", "videos/60.mp4", "--model", "models", "--explain", "disk/page.html")
    look = 'code=0; "$@" || code=$?; cat disk/page.html; ls -A disk; exit $code'
    ended = run_on_small_disk(folder / "disk", "84k", ["sh", "-ec", fill, "sh", "sh", "-ec", look, "sh", *command])
    require_refused(ended.returncode, ended.stderr, 1, "disk/page.html: No space left on device; make room")
    assert ended.stdout.endswith("beforemore\npage.html\n")


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
def test_names_are_found_in_any_locale(folder, locale):
    (folder / "videos" / "60.mp4").rename(folder / "videos" / "ключ ä.mp4")
    ended = run_deepfake(
        folder, "score", "videos/ключ ä.mp4", "--model", "models", "--out", "зет.jsonl", environment=locale
    )
    assert ended.returncode == 0, ended.stderr
    (row,) = [json.loads(line) for line in (folder / "зет.jsonl").read_text().splitlines()]
    assert row["uri"] == "videos/ключ ä.mp4"
    assert row["probability"] == pytest.approx(60 / 255, abs=0.05)
