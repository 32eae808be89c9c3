"""The whole DAG on encoded clips: what runs, what is cached, what is pushed, and what the pushed model does."""

import io
import json
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from encoder_sizes import SMALL_FEATURE_SIZE
from rich.console import Console
from training_nodes import NODES, RESOLVER

from components import features
from components.errors import UserError
from components.evaluator.predictions import read_predictions
from components.pusher.model_card import CARD_JSON, CARD_MARKDOWN
from components.quarantine import read_quarantine
from components.served_model.description import read_model_description
from components.served_model.training_statistics import read_training_statistics
from pipeline.runs.lineage import find_lineage
from pipeline.runs.store import connect, latest_execution
from pipeline.runs.training_result import TrainingResult, write_summary
from pipeline.terminal.lineage import lineage_json, print_lineage
from pipeline.terminal.training import print_result

pytestmark = pytest.mark.e2e

# A resolver queries the store each time.
NEVER_CACHED = {RESOLVER}
ALL_NODES = NODES | {RESOLVER}


@pytest.fixture(scope="module")
def three_runs(first_run, run_pipeline):
    return first_run, run_pipeline("trainer.epochs=3"), run_pipeline("trainer.epochs=3")


def test_first_run_executes_every_node_and_pushes(three_runs):
    first, _, _ = three_runs
    assert (first.complete, first.cached) == (ALL_NODES, set())
    assert first.result.blessed
    assert first.result.pushed


def test_changed_training_touches_the_trainer_and_what_follows(three_runs):
    _, second, _ = three_runs
    assert second.complete == {"Trainer", "BaselineModel", "Evaluator", "ServingValidator", "Pusher", "ReportGen"}
    assert second.cached == ALL_NODES - second.complete
    assert second.result.pushed


def test_unchanged_rerun_is_cached_and_pushes_nothing(three_runs):
    _, second, third = three_runs
    assert third.complete == NEVER_CACHED
    assert third.cached == ALL_NODES - NEVER_CACHED
    assert not third.result.pushed
    assert third.result.model == second.result.model
    assert len(os.listdir(os.path.dirname(third.result.model))) == 2


def test_lineage_names_all_that_led_to_a_pushed_model(three_runs, demo_data):
    first, second, _ = three_runs
    runs_dir = first.config.runs_dir
    ancestors = NODES - {"ReportGen"}
    found = find_lineage(first.result.model, runs_dir)
    assert {each.node for each in found.executions} == ancestors
    assert len(found.executions) == len(ancestors)
    assert found.data_root == str(demo_data)
    assert len(found.data_fingerprint) == 32
    assert set(found.code_versions) >= {"VideoExampleGen", "FrameFeatureGen", "Trainer", "Evaluator"}
    # In the second run only the training is new; the first model is an ancestor as its baseline.
    found = find_lineage(None, runs_dir)
    assert found.model == second.result.model
    nodes = [each.node for each in found.executions]
    assert set(nodes) == ancestors
    assert sorted(node for node in nodes if nodes.count(node) > 1) == ["Trainer", "Trainer"]
    epochs = [each.parameters["epochs"] for each in found.executions if each.node == "Trainer"]
    assert epochs == [2, 3]
    text = io.StringIO()
    print_lineage(found, Console(file=text, width=1000))
    assert all(node in text.getvalue() for node in ancestors)
    assert json.loads(lineage_json(found))["data_fingerprint"] == found.data_fingerprint


def test_lineage_of_an_unknown_model_is_one_line(first_run):
    with pytest.raises(UserError, match=r"no run below .* has pushed such a model"):
        find_lineage(f"{first_run.result.model}0", first_run.config.runs_dir)


def test_pushed_model_has_its_card(first_run, model_path):
    with open(os.path.join(model_path, CARD_JSON)) as file:
        card = json.load(file)
    assert card["evaluation"] == json.loads(json.dumps(first_run.result.evaluation))
    assert card["model"]["model_digest"] == read_model_description(model_path).model_digest
    with open(os.path.join(model_path, CARD_MARKDOWN)) as file:
        assert "The videos are synthetic" in file.read()
    (training,) = read_training_statistics(model_path).datasets
    assert training.num_examples > first_run.result.evaluation["videos"]["REAL"]


def test_result_tells_slices_rules_and_checks(first_run, tmp_path):
    result = first_run.result
    assert {part["column"] for part in result.evaluation["slices"]} >= {"meta/family"}
    assert all(rule["passed"] for rule in result.decision["rules"])
    assert result.serving["passed"]
    text = io.StringIO()
    print_result(result, "summary.json", Console(file=text, width=120))
    lines = text.getvalue().splitlines()
    assert any(line.split() == ["auc", f"{auc(result):.3f}", "at", "least", "0.000", "passed"] for line in lines)
    assert any(line.startswith("verdict") and line.endswith(" blessed") for line in lines)


def auc(result: TrainingResult) -> float:
    return result.evaluation["metrics"]["auc"]["value"]


def test_every_video_is_in_features_or_quarantine(first_run, demo_data, test_examples):
    metadata = json.loads((demo_data / "metadata.json").read_text())
    found = {example_text(record, features.VIDEO_ID) for record in test_examples}
    refused = {row.video_id for row in read_quarantine(first_run.result.quarantine)}
    assert found | refused == set(metadata)
    assert not found & refused


def test_frame_features_keep_their_contract(test_examples):
    for record in test_examples:
        feature = tf.train.Example.FromString(record).features.feature
        mask = np.asarray(feature[features.FRAME_MASK].int64_list.value)
        values = np.asarray(feature[features.FRAME_FEATURES].float_list.value).reshape(features.FRAMES, -1)
        assert values.shape == (features.FRAMES, SMALL_FEATURE_SIZE)
        assert mask[0] == 1
        assert (np.diff(mask) <= 0).all()
        assert np.abs(values[mask == 1]).sum(axis=1).all()
        assert not values[mask == 0].any()


def test_summary_tells_metrics_with_count_and_interval(first_run, tmp_path):
    with open(write_summary(first_run.result, str(tmp_path))) as file:
        summary = json.load(file)
    assert summary["verdict"] == "blessed"
    evaluation = summary["evaluation"]
    assert evaluation["split"] == "test"
    assert evaluation["synthetic"]
    auc = evaluation["metrics"]["auc"]
    assert auc["low"] <= auc["value"] <= auc["high"]
    assert sum(evaluation["videos"].values()) > 0


def test_predictions_are_those_of_the_test_split(first_run):
    store = connect(os.path.join(first_run.config.run_dir, "metadata.sqlite"))
    (output,) = (
        output for output in latest_execution(store, "e2e", "Evaluator").outputs if output.key == "video_metrics"
    )
    predictions = read_predictions(output.uri)
    assert len(predictions) == output.properties["records"]
    assert all(0 <= prediction.probability_fake <= 1 for prediction in predictions)


def test_model_description_is_enough_to_use_the_model(model_path, first_run):
    description = read_model_description(model_path)
    assert description.threshold == 0.5
    assert description.sampling == "uniform"
    assert description.crop == "center_square"
    assert description.hdr == "as_sdr"
    assert description.min_frames == 5
    assert len(description.encoder.fingerprint) == 64
    assert description.trainer["frame_differences"]


def test_command_exits_1_and_says_which_rule_failed(three_runs):
    _, _, third = three_runs
    command = [str(pathlib.Path(sys.executable).parent / "deepfake"), "run", "--config", "demo"]
    for setting in (*third.settings, "evaluator.bounds.auc.min=2"):
        command += ["--set", setting]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = ended.stdout.splitlines()
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert f"because    auc is {auc(third.result):.3f}, must be at least 2" in lines
    # There are too few videos to judge a slice, which is reported as well.
    assert any(line.split() == ["meta/family=temporal:", "auc", "not", "judged"] for line in lines)
    assert f"pushed     nothing new, this model is {third.result.model}" in lines


def test_training_curves_are_kept(first_run):
    store = connect(os.path.join(first_run.config.run_dir, "metadata.sqlite"))
    (model_run,) = (output for output in latest_execution(store, "e2e", "Trainer").outputs if output.key == "model_run")
    with open(os.path.join(model_run.uri, "curves.csv")) as file:
        header = file.readline()
    assert "val_loss" in header
    assert tf.io.gfile.glob(os.path.join(model_run.uri, "**", "events.out.tfevents.*"))


def example_text(record: bytes, name: str) -> str:
    return tf.train.Example.FromString(record).features.feature[name].bytes_list.value[0].decode()
