"""A scoring and a training of one name have a folder each, and folders of earlier versions are still found."""

import pathlib

import pytest
from recorded_run import RecordedRun

from components.errors import UserError
from pipeline.config.load import load_config
from pipeline.config.scoring import ScoringConfig
from pipeline.runs.artifacts import frame_features_and_model
from pipeline.runs.folders import find_run_folder, run_folders
from pipeline.runs.report import find_run
from pipeline.runs.scores_lineage import find_scores_lineage


def training(folder: pathlib.Path) -> RecordedRun:
    run = RecordedRun(folder, "demo")
    run.record("Trainer", outputs=("model",), state="failed")
    return run


def scoring(folder: pathlib.Path) -> RecordedRun:
    run = RecordedRun(folder, "demo")
    run.record("PushedModel", outputs=("model",))
    run.record_scores("runs/demo/model/1")
    return run


def test_a_scoring_takes_nothing_of_the_training_of_its_name():
    trained = load_config("demo", ["name=demo"])
    scored = load_config("scoring", ["name=demo"], ScoringConfig)
    assert (trained.run_dir, scored.run_dir) == ("runs/demo", "runs/demo.scoring")
    assert scored.artifacts_dir == "runs/demo.scoring/artifacts"
    # The name alone cannot lead there.
    with pytest.raises(UserError):
        load_config("demo", ["name=demo.scoring"])


def test_a_name_means_the_training_and_the_folder_means_the_scoring(tmp_path):
    runs = str(tmp_path)
    for folder in (training(tmp_path / "demo").folder, scoring(tmp_path / "demo.scoring").folder):
        assert find_run_folder(str(folder), runs) == str(folder)
        assert find_run_folder(folder.name, runs) == str(folder)
    assert run_folders(runs) == [str(tmp_path / "demo"), str(tmp_path / "demo.scoring")]
    assert find_scores_lineage("demo", runs) is None
    for named in ("demo.scoring", str(tmp_path / "demo.scoring"), str(tmp_path / "demo.scoring/scores/scores.jsonl")):
        assert find_scores_lineage(named, runs).model == "runs/demo/model/1"
    with pytest.raises(UserError, match="demo: the run never came to a report"):
        find_run("demo", runs)
    with pytest.raises(UserError, match="demo: the run has no Trainer that has finished"):
        frame_features_and_model(str(tmp_path / "demo"))


@pytest.mark.parametrize("folder", ["demo", "demo.scoring"])
def test_where_there_is_no_training_the_name_means_the_scoring_wherever_it_is(tmp_path, folder):
    scoring(tmp_path / folder)
    assert find_scores_lineage("demo", str(tmp_path)).model == "runs/demo/model/1"
    with pytest.raises(UserError, match=f"{folder}: a scoring run"):
        find_run("demo", str(tmp_path))
