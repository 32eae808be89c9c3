"""What a run came to: verdict, metrics, paths and times, as data and for people."""

import dataclasses
import json
import os
from collections.abc import Sequence
from typing import Any

import ml_metadata as mlmd
import tensorflow as tf
import tensorflow_model_analysis as tfma
from rich.console import Console
from rich.table import Table
from tensorflow_model_analysis.proto import validation_result_pb2

from components import features
from components.evaluator.executor import METRICS_FILE
from components.report_gen.page import REPORT_FILE
from components.whole_files import write_whole
from pipeline.config import Config
from pipeline.node_table import NodeRow
from pipeline.store import NodeExecution, OutputArtifact, latest_execution

SUMMARY_FILE = "summary.json"


@dataclasses.dataclass(frozen=True)
class RunResult:
    """The content of `summary.json`.

    Attributes:
        run: the run's name.
        verdict: `blessed` or `not blessed`.
        failed_bounds: the bounds that were not kept, in words.
        evaluation: split, counts, and metrics with their intervals.
        pushed: whether this run pushed a model.
        model: the version folder that holds this model, or None if it was never pushed.
        quarantined: how many videos could not be used.
        quarantine: where each of them is told.
        report: the page that tells of everything.
        log: the log file.
        nodes: id, state, seconds and count of records of each.
    """

    run: str
    verdict: str
    failed_bounds: list[str]
    evaluation: dict[str, Any]
    pushed: bool
    model: str | None
    quarantined: int
    quarantine: str
    report: str
    log: str
    nodes: list[dict[str, Any]]

    @property
    def blessed(self) -> bool:
        """Whether the model kept all bounds."""
        return self.verdict == "blessed"


def node_outcome(store: mlmd.MetadataStore, pipeline: str, node: str) -> tuple[str, str]:
    """The state of a node's latest execution, and its counts of records in words."""
    execution = latest_execution(store, pipeline, node)
    if execution is None:
        return "unknown", ""
    by_key = sorted(execution.outputs, key=lambda output: output.key)
    return execution.state, ", ".join(filter(None, (_records(output) for output in by_key)))


def collect_result(store: mlmd.MetadataStore, config: Config, nodes: Sequence[NodeRow]) -> RunResult:
    """Gathers the result of a finished run from its store."""

    def output(node: str, key: str) -> OutputArtifact:
        execution = latest_execution(store, config.name, node)
        assert execution is not None, f"{node} has run"
        return _output(execution, key)

    with tf.io.gfile.GFile(os.path.join(output("Evaluator", "video_metrics").uri, METRICS_FILE)) as file:
        evaluation = json.load(file)
    blessed = output("Evaluator", "blessing").properties.get("blessed") == 1
    pushed = output("Pusher", "pushed_model").properties
    states = {row.node: row.state for row in nodes}
    quarantine = output("FrameFeatureGen", "quarantine")
    return RunResult(
        run=config.name,
        verdict="blessed" if blessed else "not blessed",
        failed_bounds=failed_bounds(output("Evaluator", "evaluation").uri),
        evaluation=evaluation,
        pushed=bool(pushed.get("pushed")) and states["Pusher"] == "done",
        model=pushed.get("pushed_destination"),
        quarantined=quarantine.properties["records"],
        quarantine=quarantine.uri,
        report=copy_report(output("ReportGen", "report").uri, config.run_dir),
        log=os.path.join(config.run_dir, "run.log"),
        nodes=[
            {"node": row.node, "state": row.state, "seconds": round(row.seconds or 0, 1), "records": row.records}
            for row in nodes
        ],
    )


def copy_report(uri: str, folder: str) -> str:
    """Copies the report in the artifact `uri` to `report` in `folder`, and gives its path."""
    with tf.io.gfile.GFile(os.path.join(uri, REPORT_FILE), "rb") as file:
        content = file.read()
    path = report_path(folder)
    write_whole(path, content)
    return path


def report_path(folder: str) -> str:
    """Where the report of the run in `folder` is."""
    return os.path.join(folder, "report", REPORT_FILE)


def write_summary(result: RunResult, folder: str) -> str:
    """Writes `summary.json` and gives its path."""
    path = os.path.join(folder, SUMMARY_FILE)
    temporary = f"{path}.tmp"
    with open(temporary, "w") as file:
        json.dump(dataclasses.asdict(result), file, indent=2)
    os.replace(temporary, path)
    return path


def print_result(result: RunResult, summary: str, console: Console) -> None:
    """Prints the metrics, the verdict and where everything is."""
    evaluation, counts = result.evaluation, result.evaluation["videos"]
    table = Table(box=None, pad_edge=False)
    table.add_column(f"{evaluation['split']} split")
    table.add_column("value", justify="right")
    table.add_column("95 % interval", justify="right")
    for name, numbers in evaluation["metrics"].items():
        table.add_row(name, _number(numbers["value"]), f"{_number(numbers['low'])} to {_number(numbers['high'])}")
    console.print()
    console.print(table)
    console.print(
        f"{counts[features.FAKE]} fake and {counts[features.REAL]} real videos in {evaluation['groups']} groups; "
        "intervals resampled by group",
        highlight=False,
    )
    if evaluation["synthetic"]:
        console.print("[yellow]synthetic videos: these figures say nothing of real forgeries[/]")
    console.print()
    lines = {
        "verdict": f"[green]{result.verdict}[/]" if result.blessed else f"[red]{result.verdict}[/]",
        **({"because": "; ".join(result.failed_bounds)} if result.failed_bounds else {}),
        "pushed": _pushed(result),
        "quarantine": f"{result.quarantined} videos, {result.quarantine}",
        "report": result.report,
        "summary": summary,
        "log": result.log,
    }
    for name, value in lines.items():
        console.print(f"{name:<11}{value}", highlight=False, soft_wrap=True)


def _pushed(result: RunResult) -> str:
    if result.pushed:
        return str(result.model)
    return f"nothing new, this model is {result.model}" if result.model else "nothing"


def _records(output: OutputArtifact) -> str:
    if "records" in output.properties:
        word = {"quarantine": "quarantined", "video_metrics": "tested"}[output.key]
        return f"{output.properties['records']} {word}"
    counts = [
        f"{split} {output.properties[f'records_{split}']}"
        for split in features.SPLITS
        if f"records_{split}" in output.properties
    ]
    noteworthy = [
        f"{output.properties[name]} {name}" for name in ("cached", "truncated") if output.properties.get(name)
    ]
    return ", ".join(counts + noteworthy)


def _output(execution: NodeExecution, key: str) -> OutputArtifact:
    return next(output for output in execution.outputs if output.key == key)


def failed_bounds(evaluation_uri: str) -> list[str]:
    """The bounds, in words, that the model did not keep, as TFMA's validation says."""
    validation = tfma.load_validation_result(evaluation_uri)
    return [
        _explain_failure(failure)
        for slice_result in validation.metric_validations_per_slice
        for failure in slice_result.failures
    ]


def _explain_failure(failure: validation_result_pb2.ValidationFailure) -> str:
    value = failure.metric_value.double_value.value
    threshold = failure.metric_threshold
    if failure.metric_key.is_diff:
        allowed = threshold.change_threshold.absolute.value
        return f"{failure.metric_key.name} changed by {value:+.3f} against the baseline, allowed is {allowed:+.3f}"
    bounds = threshold.value_threshold
    limits = []
    if bounds.HasField("lower_bound"):
        limits.append(f"above {bounds.lower_bound.value:g}")
    if bounds.HasField("upper_bound"):
        limits.append(f"below {bounds.upper_bound.value:g}")
    return f"{failure.metric_key.name} is {value:.3f}, must be {' and '.join(limits)}"


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"
