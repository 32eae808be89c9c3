"""After a rerun with changes, or one that failed or stopped, results from different runs are never mixed."""

import pathlib

import pytest
from recorded_run import RecordedRun
from typer.testing import CliRunner

from components.errors import UserError
from pipeline.cli.app import app
from pipeline.runs.artifacts import frame_features_and_model
from pipeline.runs.lineage import trace
from pipeline.runs.report import report_run

CLI = CliRunner()
EXTRACTED = ("examples", "test_examples", "serving_examples", "quarantine")


def extracted(run: RecordedRun, outputs: tuple[str, ...] = EXTRACTED, **parameters: str) -> dict[str, int]:
    videos = run.record("VideoExampleGen", outputs=("examples",), **parameters)
    return run.record("FrameFeatureGen", {"videos": videos["examples"]}, outputs)


def trained(run: RecordedRun, features: dict[str, int], state: str = "done") -> dict[str, int]:
    transformed = run.record("Transform", {"examples": features["examples"]}, ("transformed_examples",))
    outputs = () if state == "failed" else ("model", "model_run")
    return run.record("Trainer", {"examples": transformed["transformed_examples"]}, outputs, state=state)


@pytest.fixture
def run(tmp_path: pathlib.Path) -> RecordedRun:
    return RecordedRun(tmp_path / "runs" / "demo")


@pytest.mark.parametrize("rerun", ["stopped after the extraction", "failed in the Trainer"])
def test_a_model_goes_with_the_features_that_it_was_trained_on(run, rerun):
    first = extracted(run)
    model = trained(run, first)
    later = extracted(run)
    if rerun == "failed in the Trainer":
        trained(run, later, "failed")
    patterns, path = frame_features_and_model(str(run.folder))
    assert path.startswith(run.uri(model["model"]))
    keys = {"train": "examples", "eval": "examples", "test": "test_examples"}
    assert patterns == {split: [f"{run.uri(first[key])}/Split-{split}/*"] for split, key in keys.items()}


def test_features_of_earlier_versions_are_in_one_artifact(run):
    features = extracted(run, outputs=("examples", "quarantine"))
    trained(run, features)
    patterns, _ = frame_features_and_model(str(run.folder))
    folder = run.uri(features["examples"])
    assert patterns == {split: [f"{folder}/Split-{split}/*"] for split in ("train", "eval", "test")}


def test_the_model_that_was_trained_last_is_meant_even_from_the_cache(run):
    features = extracted(run)
    model = trained(run, features)
    trained(run, extracted(run))
    run.record("Trainer", again=model, state="cached")
    assert frame_features_and_model(str(run.folder))[1].startswith(run.uri(model["model"]))


def test_a_run_whose_folder_was_renamed_is_found(run, tmp_path):
    model = trained(run, extracted(run))
    renamed = run.folder.rename(tmp_path / "runs" / "renamed")
    with pytest.raises(UserError, match="not where the run left it"):
        frame_features_and_model(str(renamed))
    renamed.rename(run.folder)
    assert frame_features_and_model(f"{run.folder}/../demo/.")[1].startswith(run.uri(model["model"]))


def test_a_run_without_a_model_is_told(run):
    trained(run, extracted(run), "failed")
    with pytest.raises(UserError, match="no Trainer that has finished"):
        frame_features_and_model(str(run.folder))


def test_the_data_of_a_model_are_not_those_of_its_baseline(run):
    ours = extracted(run, fingerprint="ours", input_base="videos")
    baseline = trained(run, extracted(run, fingerprint="the baseline's", input_base="others"))
    model = trained(run, ours)
    given = {"model": model["model"], "baseline_model": baseline["model"], "examples": ours["examples"]}
    blessed = run.record("Evaluator", given, ("blessing",))
    pushed = run.record("Pusher", {"model": model["model"], "model_blessing": blessed["blessing"]}, ("pushed_model",))
    (artifact,) = run.store.get_artifacts_by_id([pushed["pushed_model"]])
    lineage = trace(run.store, artifact, "metadata.sqlite", model="model/1")
    assert (lineage.data_fingerprint, lineage.data_root) == ("ours", "videos")
    assert len([each for each in lineage.executions if each.node == "VideoExampleGen"]) == 2


def test_a_model_in_a_folder_with_braces_in_its_name_is_traced(run):
    ours = extracted(run, input_base="{videos}", card='{"limits": "x"}')
    baseline = run.record("Importer", outputs=("model",), artifact_uri="{models}/1", reimport="0")
    given = {"baseline_model": baseline["model"], "examples": ours["examples"]}
    blessed = run.record("Evaluator", given, ("blessing",))
    (artifact,) = run.store.get_artifacts_by_id([blessed["blessing"]])
    parameters = {each.node: each.parameters for each in trace(run.store, artifact, "", model="model/1").executions}
    assert parameters["Importer"]["artifact_uri"] == "{models}/1"
    assert parameters["VideoExampleGen"] == {"input_base": "{videos}", "card": {"limits": "x"}}


@pytest.fixture
def scoring(tmp_path: pathlib.Path) -> RecordedRun:
    run = RecordedRun(tmp_path / "runs" / "scores")
    run.record("PushedModel", outputs=("model",))
    run.record("SubmissionGen", outputs=("scores",))
    return run


@pytest.mark.parametrize("command", [["report"], ["audit"], ["report", "--compare", "demo"]])
def test_a_scoring_run_has_no_report_and_that_is_told_in_a_line(scoring, command, monkeypatch):
    monkeypatch.chdir(scoring.folder.parent.parent)
    ended = CLI.invoke(app, [*command, "scores"])
    assert isinstance(ended.exception, UserError)
    line = str(ended.exception)
    if "--compare" not in command:
        assert "scores: a scoring run" in line
        assert "deepfake lineage" in line
    assert "\n" not in line


def test_the_newest_report_is_of_the_newest_training(run, scoring):
    with pytest.raises(UserError, match="runs/demo: the run never came to a report"):
        report_run(None, str(scoring.folder.parent))


def test_where_no_run_is_a_training_that_is_told(scoring):
    with pytest.raises(UserError, match=r"no training run is there; of runs in .* there are scores"):
        report_run(None, str(scoring.folder.parent))
