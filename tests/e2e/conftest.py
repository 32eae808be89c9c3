"""One small data set and one set of runs, shared by all end-to-end tests of a session."""

import dataclasses
import io
import os
import pathlib

import pytest
import tensorflow as tf
from ml_metadata.proto import metadata_store_pb2
from rich.console import Console
from short_demo import QUICK_TRAINING, SMALL_ENCODER, write_short_demo

from components import features
from pipeline.config.load import load_config
from pipeline.config.training import TrainingConfig
from pipeline.inputs.training import pin_inputs
from pipeline.runners.local import run_locally
from pipeline.runs.store import connect, latest_execution
from pipeline.runs.training_result import TrainingResult, collect_result

SETTINGS = [
    SMALL_ENCODER,
    *QUICK_TRAINING,
    "trainer.epochs=2",
    "report.filmstrips=2",
    "report.overlays=0",
    # Makes results exact even on processors with bfloat16.
    "encoder.precision=float32",
    # Of so few videos it makes scores that differ in the seventh digit, whose order depends on the batch.
    "decision.calibration=none",
    "evaluator.bounds.auc.min=0.0",
    "evaluator.bounds.auc.worse_by=1.0",
]


@dataclasses.dataclass(frozen=True)
class Run:
    """A run with additional settings, the nodes that it executed or took from the cache, and its report."""

    settings: tuple[str, ...]
    config: TrainingConfig
    result: TrainingResult
    complete: set[str]
    cached: set[str]
    page: str


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("demo") / "data"
    write_short_demo(folder, videos=30)
    return folder


@pytest.fixture(scope="session")
def run_pipeline(demo_data, tmp_path_factory):
    """Runs the demo's pipeline on the small data set; all calls share one store."""
    runs_dir = tmp_path_factory.mktemp("runs")

    def run(*settings: str) -> Run:
        given = ("name=e2e", f"runs_dir={runs_dir}", f"data.root={demo_data}", *SETTINGS, *settings)
        config = load_config("demo", given)
        os.makedirs(config.run_dir, exist_ok=True)
        store_path = os.path.join(config.run_dir, "metadata.sqlite")
        before = _executions(store_path)
        pinned = pin_inputs(config)
        result = collect_result(pinned, run_locally(pinned, Console(file=io.StringIO())))
        added = {key: state for key, state in _executions(store_path).items() if key not in before}
        states = metadata_store_pb2.Execution
        return Run(
            settings=given,
            config=config,
            result=result,
            complete={node for (_, node), state in added.items() if state == states.COMPLETE},
            cached={node for (_, node), state in added.items() if state == states.CACHED},
            page=pathlib.Path(result.report).read_text(),
        )

    return run


@pytest.fixture(scope="session")
def first_run(run_pipeline) -> Run:
    return run_pipeline()


@pytest.fixture(scope="session")
def model_path(first_run) -> str:
    return first_run.result.model


@pytest.fixture(scope="session")
def test_examples(first_run) -> list[bytes]:
    store = connect(os.path.join(first_run.config.run_dir, "metadata.sqlite"))
    execution = latest_execution(store, "e2e", "FrameFeatureGen")
    kept = [output.uri for output in execution.outputs if output.key in features.OUTPUT_OF_SPLIT.values()]
    files = tf.io.gfile.glob([os.path.join(uri, "Split-*", "*.gz") for uri in kept])
    return [record.numpy() for record in tf.data.TFRecordDataset(files, compression_type="GZIP")]


def _executions(store_path: str) -> dict[tuple[int, str], int]:
    if not os.path.exists(store_path):
        return {}
    store = connect(store_path)
    found = {}
    for context in store.get_contexts_by_type("node"):
        node = context.name.split(".")[-1]
        for execution in store.get_executions_by_context(context.id):
            found[execution.id, node] = execution.last_known_state
    return found
