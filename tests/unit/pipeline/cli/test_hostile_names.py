"""Names with control characters in every command: no traceback, one line, the documented exit code."""

import json
import pathlib
from collections.abc import Callable

import pytest
from hostile_names import EXAMPLES, as_file_name, assert_harmless, names
from hypothesis import HealthCheck, given, settings

ABSENT = [
    ("check", "{}"),
    ("check", "--config", "{}", "."),
    ("check", "--set", "{}", "."),
    ("check", "--set", "split.group_by={}", "."),
    ("extract", "{}"),
    ("extract", "--config", "{}", "."),
    ("score", "{}", "--model", "."),
    ("score", ".", "--model", "{}"),
    ("score", ".", "--runs-dir", "{}"),
    ("score", ".", "--out", "{}"),
    ("score", ".", "--submission", "{}"),
    ("report", "{}"),
    ("report", "--compare", "{}", "{}"),
    ("report", "--runs-dir", "{}"),
    ("audit", "{}"),
    ("audit", "x", "--only", "{}"),
    ("audit", "x", "--unseen-by", "{}"),
    ("audit", "x", "--sources-by", "{}"),
    ("lineage", "{}"),
    ("lineage", "--runs-dir", "{}"),
    ("cache", "stats", "{}"),
    ("cache", "stats", "{}", "--json"),
    ("cache", "prune", "{}"),
    ("cache", "prune", ".", "--fingerprint", "{}"),
    ("cache", "{}"),
    ("compile", "--target", "vertex", "--out", "x", "--config", "{}"),
    ("compile", "--target", "{}", "--out", "x"),
    ("compile", "--target", "vertex", "--out", "x", "--set", "{}"),
    ("submit", "--target", "vertex", "--dry-run", "--config", "{}"),
    ("submit", "--target", "kubeflow", "--dry-run", "--job-id", "{}", "--set", "{}"),
    ("run", "--config", "{}"),
    ("run", "--config", "demo", "--name", "A{}"),
    ("run", "--config", "demo", "--data-root", "{}"),
    ("run", "--config", "demo", "--set", "{}"),
    ("run", "--config", "demo", "--set", "trainer.{}=1"),
    ("run", "--pipeline", "scoring", "--data-root", "{}"),
    ("run", "--pipeline", "scoring", "--data-root", ".", "--set", "model={}"),
    ("{}",),
    ("--{}",),
    ("score", "--{}"),
    ("run", "{}"),
]

Deepfake = Callable[..., tuple[int, str, str]]


@pytest.fixture
def deepfake(deepfake, tmp_path) -> Deepfake:
    """The shared fixture, in a folder with one file, checking that the output is harmless."""
    (tmp_path / "clip.mp4").write_bytes(b"no video")

    def run(*arguments: str) -> tuple[int, str, str]:
        code, output, errors = deepfake(*arguments)
        for text in (output, errors):
            assert_harmless(text)
        return code, output, errors

    return run


@pytest.mark.parametrize("command", ABSENT, ids=" ".join)
@given(name=names)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_not_there_is_one_line(deepfake, tmp_path, command, name):
    there = sorted(tmp_path.iterdir())
    code, output, errors = deepfake(*(part.replace("{}", f"no{name}".replace("\0", "")) for part in command))
    assert code == 2, errors
    assert output in ("", "run demo in runs/demo; loading TFX\n", "run scoring in runs/scoring.scoring; loading TFX\n")
    (line,) = errors.splitlines()
    assert line.startswith("deepfake: ")
    assert sorted(tmp_path.iterdir()) == there


@pytest.mark.parametrize("name", sorted({as_file_name(name) for name in EXAMPLES}))
def test_check_shows_the_names_of_a_data_set(deepfake, tmp_path, name):
    folder = tmp_path / "data"
    (folder / name).mkdir(parents=True)
    (folder / f"{name}.mp4").write_bytes(b"no video")
    listed = {"a.mp4": {"label": "FAKE", "family": name, name: name}, "[red]:car:[x].mp4": {"label": "REAL"}}
    (folder / "metadata.json").write_text(json.dumps(listed))
    code, text, errors = deepfake("check", "data")
    assert (code, errors) == (2, "")
    assert "[red]:car:[x].mp4" in text
    code, text, errors = deepfake("check", "data", "--json")
    assert (code, errors) == (2, "")
    assert json.loads(text)["unlisted"] == [f"{name}.mp4"]


def test_a_name_that_is_not_utf8_is_one_line(deepfake, tmp_path):
    folder = tmp_path / "videos"
    folder.mkdir()
    name = "a\udcff[x].mp4"
    try:
        (folder / name).touch()
    except OSError:
        pytest.skip("the file system takes UTF-8 only")
    (folder / "metadata.json").write_text("{}")
    for arguments in (
        ("check", "videos"),
        ("score", "videos", "--model", "."),
        ("score", f"videos/{name}", "--model", "."),
        ("score", "videos/*", "--model", "."),
        ("extract", "videos"),
        ("run", "--config", "demo", "--data-root", "videos"),
        ("run", "--pipeline", "scoring", "--data-root", f"videos/{name}"),
    ):
        code, _, errors = deepfake(*arguments)
        assert code == 2, arguments
        (line,) = errors.splitlines()
        if "--model" not in arguments or name in arguments[1]:
            assert "UTF-8" in line


def test_a_name_that_begins_with_a_dash_is_a_file_after_two_dashes(deepfake):
    pathlib.Path("-o.mp4").write_bytes(b"no video")
    code, _, errors = deepfake("score", "--model", ".", "--", "-o.mp4")
    assert code == 2
    assert errors.startswith("deepfake: .: no model of this pipeline")
