"""User errors: one clear line, exit code 2, and nothing has run."""

import json
import pathlib

import pytest

from pipeline.runs.store import connect


def metadata(folder: pathlib.Path, content: object) -> str:
    folder.mkdir(exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / "metadata.json").write_text(text)
    return str(folder)


@pytest.mark.parametrize("arguments", [[], ["runs/demo/model/1"], ["gs://bucket/model/1", "--runs-dir", "elsewhere"]])
def test_lineage_needs_a_run(deepfake, arguments):
    code, _, errors = deepfake("lineage", *arguments)
    assert code == 2
    (line,) = errors.strip().splitlines()
    assert "no run has left a metadata.sqlite there; give --runs-dir" in line


REAL, FAKE = {"label": "REAL"}, {"label": "FAKE"}
WRONG = {
    "no metadata.json": ({"a.txt": None}, "metadata.json"),
    "broken JSON": ('{"a.mp4": ', "line 1"),
    "unknown label": ({"a.mp4": {"label": "fake"}}, "FAKE"),
    "path outside": ({"../evil.mp4": REAL}, "../evil.mp4"),
    "absolute path": ({"/etc/evil.mp4": REAL}, "/etc/evil.mp4"),
}


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize("mistake", WRONG)
def test_wrong_data_set_is_one_line(deepfake, tmp_path, command, mistake):
    content, words = WRONG[mistake]
    data = tmp_path / "data"
    if mistake == "no metadata.json":
        data.mkdir()
        (data / "a.txt").touch()
    else:
        metadata(data, content)
    arguments = [str(data)] if command == "check" else ["--config", "demo", "--data-root", str(data)]
    code, _, errors = deepfake(command, *arguments)
    assert code == 2
    (line,) = errors.strip().splitlines()
    assert words in line
    assert not (tmp_path / "runs" / "demo" / "metadata.sqlite").exists()


@pytest.mark.parametrize("command", ["check", "run"])
def test_wrong_path_and_empty_folder_are_one_line(deepfake, tmp_path, command):
    (tmp_path / "empty").mkdir()
    for name in ("nowhere", "empty"):
        path = str(tmp_path / name)
        code, _, errors = deepfake(
            command, *([path] if command == "check" else ["--config", "demo", "--data-root", path])
        )
        assert code == 2
        (line,) = errors.strip().splitlines()
        assert path in line


def test_one_class_only_is_told_before_anything_runs(deepfake, tmp_path, write_video):
    names = [f"data/{index}.mp4" for index in range(8)]
    for index, name in enumerate(names):
        write_video(name, frames=5, width=64, height=64, seed=index)
    data = metadata(tmp_path / "data", {pathlib.Path(name).name: REAL for name in names})
    code, _, errors = deepfake("run", "--config", "demo", "--data-root", data)
    assert code == 2
    (line,) = errors.strip().splitlines()
    assert "FAKE" in line


def test_all_videos_corrupt_is_told_before_anything_runs(deepfake, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    content = {f"{label}{index}.mp4": {"label": label} for label in ("REAL", "FAKE") for index in range(40)}
    for name in content:
        (data / name).write_bytes(b"no video")
    code, _, errors = deepfake("run", "--config", "demo", "--data-root", metadata(data, content))
    assert code == 2
    (line,) = errors.strip().splitlines()
    assert "unreadable_container" in line


def test_wrong_setting_and_wrong_weights_are_one_line(deepfake, tmp_path):
    code, _, errors = deepfake("run", "--config", "demo", "--set", "trainer.epoch=2")
    assert (code, len(errors.strip().splitlines())) == (2, 1)
    assert "did you mean epochs" in errors


def test_a_training_needs_a_config_and_a_scoring_has_one(deepfake):
    code, _, errors = deepfake("run")
    assert code == 2
    assert errors.splitlines() == ["deepfake: --config is missing; type e.g. --config demo, or a YAML file of your own"]
    code, _, errors = deepfake("run", "--pipeline", "scoring")
    assert code == 2
    assert errors.splitlines() == ["deepfake: data.root is not set; type --data-root DIR, the folder of the videos"]


def test_report_of_a_run_that_is_not_there_lists_those_that_are(deepfake, tmp_path):
    code, _, errors = deepfake("report")
    (line,) = errors.strip().splitlines()
    assert (code, "there are none; type deepfake run" in line) == (2, True)
    for name in ("first", "second"):
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        connect(str(folder / "metadata.sqlite"))
    for arguments in (["third"], ["--compare", "first", "third"], ["somewhere/model/1"]):
        code, _, errors = deepfake("report", *arguments)
        (line,) = errors.strip().splitlines()
        assert code == 2
    assert "'somewhere/model/1' is neither a run nor a pushed model" in line
    assert "there are first, second" in line


def test_run_that_never_came_to_a_report_is_told(deepfake, tmp_path):
    (tmp_path / "runs" / "first").mkdir(parents=True)
    connect(str(tmp_path / "runs" / "first" / "metadata.sqlite"))
    for arguments in ([], ["first"], ["runs/first"]):
        code, _, errors = deepfake("report", *arguments)
        (line,) = errors.strip().splitlines()
        assert code == 2
        assert "runs/first: the run never came to a report" in line


def test_comparison_takes_two_runs_and_no_third(deepfake):
    code, _, errors = deepfake("report", "a", "--compare", "b", "c")
    (line,) = errors.strip().splitlines()
    assert (code, "'a'" in line) == (2, True)


def test_help_lists_the_commands(deepfake):
    code, output, _ = deepfake("--help")
    assert code == 0
    for command in ("check", "demo-data", "run", "report", "audit", "lineage", "score", "compile", "submit"):
        assert command in output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "runs: no run has pushed a model there; type --model DIR"),
        (["--model", "."], ".: no model of this pipeline"),
        (["--submission", "submission.csv"], "--submission and --like belong together"),
        (["--out", "scores.xls"], "--out scores.xls: the form is not known"),
    ],
)
def test_wrong_request_of_a_score_is_one_line(deepfake, write_video, arguments, words):
    code, _, errors = deepfake("score", write_video(), *arguments)
    assert code == 2
    (line,) = errors.strip().splitlines()
    assert words in line
