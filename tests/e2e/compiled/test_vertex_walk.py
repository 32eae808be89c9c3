"""Runs every task of the pipeline that is compiled for Vertex AI by its own container command."""

import json
import os
import pathlib
from typing import Any

import pytest
import tensorflow as tf
from compiled_demo import compile_demo, specification
from containers import run_in_process
from training_nodes import NODES
from vertex_engine import Engine, TaskResult, walk

from components.metrics.results import DECISION_FILE, METRICS_FILE, read_decision

pytestmark = pytest.mark.e2e

RESOLVERS = {"BaselineModel-model-blessing-resolver", "BaselineModel-model-resolver"}
ANY_MODEL_PASSES = json.dumps({"auc": {"min": 0.0, "worse_by": 1.0}})
NO_HIGHER_LOSS = json.dumps({"log_loss": {"max": 100.0, "worse_by": 0.0}})
EPOCHS = 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> pathlib.Path:
    return tmp_path_factory.mktemp("engine")


@pytest.fixture(scope="module")
def vertex(folder) -> Engine:
    return Engine(
        root=folder / "vertex",
        run_command=lambda command: run_in_process(command, folder / "vertex-logs"),
    )


@pytest.fixture(scope="module")
def vertex_run(vertex, folder, demo_data) -> dict[str, TaskResult]:
    return walk(
        vertex,
        specification("vertex", compile_demo("vertex", "extraction.workers=1"), folder / "vertex-bucket"),
        {"data_root": str(demo_data), "epochs": EPOCHS, "bounds": ANY_MODEL_PASSES},
    )


def metrics(run: dict[str, TaskResult]) -> dict[str, float]:
    evaluation = json.loads((run["Evaluator"].uri("video_metrics") / METRICS_FILE).read_text())
    return {name: numbers["value"] for name, numbers in evaluation["metrics"].items()}


def executed(run: dict[str, TaskResult]) -> set[str]:
    return {name for name, result in run.items() if result.executed}


def pushed_model(run: dict[str, TaskResult]) -> str | None:
    (pushed,) = run["Pusher"].outputs["pushed_model"]
    return pushed["metadata"]["pushed_destination"] if pushed["metadata"]["pushed"] else None


def baseline_of(run: dict[str, TaskResult]) -> list[dict[str, Any]]:
    return run["BaselineModel-model-resolver"].outputs["model"]


def blessed(run: dict[str, TaskResult]) -> bool:
    (blessing,) = run["Evaluator"].outputs["blessing"]
    return blessing["metadata"]["blessed"] == 1


def test_vertex_runs_up_to_a_pushed_model_with_the_metrics_of_a_local_run(vertex_run, first_run):
    assert executed(vertex_run) == NODES
    assert set(vertex_run) - NODES == RESOLVERS
    local = {name: numbers["value"] for name, numbers in first_run.result.evaluation["metrics"].items()}
    assert metrics(vertex_run) == pytest.approx(local, abs=1e-6)
    assert tf.saved_model.load(pushed_model(vertex_run)).signatures["serving_default"]


def test_a_later_run_on_vertex_is_compared_with_the_latest_blessed_model(vertex, vertex_run, folder, demo_data):
    # It diverges.
    text = compile_demo("vertex", "extraction.workers=1", "trainer.learning_rate=10.0")
    worse = walk(
        vertex,
        specification("vertex", text, folder / "vertex-bucket"),
        {"data_root": str(demo_data), "epochs": 1, "bounds": NO_HIGHER_LOSS},
    )
    assert executed(worse) == {"Trainer", "Evaluator", "ServingValidator", "Pusher", "ReportGen"}
    assert baseline_of(worse) == vertex_run["Trainer"].outputs["model"]
    assert metrics(worse)["log_loss"] > metrics(vertex_run)["log_loss"]
    assert not blessed(worse)
    rules = read_decision(os.path.join(str(worse["Evaluator"].uri("video_metrics")), DECISION_FILE))["rules"]
    (reason,) = (rule["message"] for rule in rules if not rule["passed"])
    assert reason.startswith("log_loss changed by +")
    assert pushed_model(worse) is None
