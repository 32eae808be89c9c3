"""Tasks of a compiled pipeline, executed in the container image by their own commands."""

import os
import pathlib
from typing import Any

import pytest
from compiled_demo import compile_demo, specification
from kubeflow_cluster.cluster import Cluster
from kubeflow_cluster.cluster import walk as walk_kubeflow
from kubeflow_cluster.demo_runs import executed
from kubeflow_cluster.profiles import PROFILES
from kubeflow_cluster.store import FolderStore
from short_demo import EVEN_SPLITS, write_short_demo
from vertex_engine import Engine, walk

from components import features
from components.quarantine import read_quarantine

pytestmark = [pytest.mark.engine, pytest.mark.long]

# One of each kind: ExampleGen with its driver, Beam nodes (ours and TFX's), a plain node, a function.
TASKS = {"VideoExampleGen", "StatisticsGen", "VideoSchema", "ExampleValidator", "FrameEncoder", "FrameFeatureGen"}
VIDEOS = 12
SETTINGS = ("extraction.workers=2", *EVEN_SPLITS)


@pytest.fixture
def shared_folder(tmp_path) -> pathlib.Path:
    """A folder in which the image's user may overwrite what this process writes."""
    previous = os.umask(0)
    yield tmp_path
    os.umask(previous)


@pytest.fixture
def data(shared_folder) -> pathlib.Path:
    folder = shared_folder / "data"
    write_short_demo(folder, videos=VIDEOS)
    return folder


def test_tasks_up_to_the_features_run_in_the_image(image, shared_folder, data):
    compiled = specification("vertex", compile_demo("vertex", *SETTINGS), shared_folder)

    def run_command(command: list[str]) -> None:
        done = image.run(*command, mounts=[shared_folder])
        assert done.returncode == 0, done.stderr[-3000:]

    engine = Engine(root=shared_folder / "root", run_command=run_command)
    results = walk(engine, only(compiled, TASKS), {"data_root": str(data)})
    assert {name for name, result in results.items() if result.executed} == TASKS
    outputs = results["FrameFeatureGen"].outputs
    held = [(split, outputs[features.OUTPUT_OF_SPLIT[split]]) for split in features.SPLITS]
    extracted = sum(artifact["metadata"][f"records_{split}"] for split, (artifact,) in held)
    assert extracted == VIDEOS
    assert read_quarantine(str(results["FrameFeatureGen"].uri("quarantine"))) == []


def test_the_same_tasks_run_between_the_driver_and_the_launcher_of_kubeflow(image, shared_folder, data):
    def run_command(command: list[str], environment: dict[str, str], log: pathlib.Path) -> int:
        variables = [f"{name}={value}" for name, value in environment.items()]
        done = image.run("env", *variables, *command, mounts=[shared_folder])
        log.write_text(done.stdout + done.stderr)
        return done.returncode

    text = compile_demo("kubeflow", "evaluator.baseline=none", *SETTINGS)
    bucket = shared_folder / "bucket"
    cluster = Cluster(PROFILES["2.17"], FolderStore(bucket), shared_folder / "pod", run_command)
    results = walk_kubeflow(cluster, only(specification("kubeflow", text, bucket), TASKS), {"data_root": str(data)})
    assert executed(results) == TASKS
    outputs = results["FrameFeatureGen"].outputs
    held = [(split, outputs[features.OUTPUT_OF_SPLIT[split]]) for split in features.SPLITS]
    assert sum(artifact.metadata[f"records_{split}"] for split, artifact in held) == VIDEOS


def only(compiled: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Reduces a specification to these tasks."""
    dag = compiled["root"]["dag"]
    tasks = {name: task for name, task in dag["tasks"].items() if name in names}
    return {**compiled, "root": {**compiled["root"], "dag": {**dag, "tasks": tasks}}}
