"""The result of a training run: verdict, metrics, paths and times, as data."""

import dataclasses
import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from components import storage
from components.auditor.finding import Audit, read_audits
from components.json_files import read_json
from components.metrics.results import DECISION_FILE, METRICS_FILE, read_cross_validation, read_decision
from components.report_gen.rendering import REPORT_FILE
from components.served_model.description import read_model_description
from components.serving_validator.check_file import read_serving_check
from components.whole_files import write_whole
from pipeline.config.training import TrainingConfig
from pipeline.runs.folders import SUMMARY_FILE, report_path, store_path
from pipeline.runs.nodes import NodeRow
from pipeline.runs.store import NodeArtifact, connect, latest_output

if TYPE_CHECKING:
    from pipeline.runs.scoring_result import ScoringResult


@dataclasses.dataclass(frozen=True)
class TrainingResult:
    """The content of `summary.json`.

    Attributes:
        run: the run's name.
        verdict: `blessed`, `not blessed` (by the Evaluator), or `not servable` (by the ServingValidator).
        failed: messages of the rules and checks that failed.
        evaluation: split, counts, and metrics with their intervals, overall and by slice.
        decision: the Evaluator's: the baseline, and each rule with value, bound and outcome.
        serving: the checks of the ServingValidator, latency and memory.
        pushed: whether this run pushed a model.
        model: the version folder that holds this model, or None if it was never pushed.
        audits: results of the run's audits.
        quarantined: number of videos that could not be used.
        quarantine: folder of the file that lists them.
        report: the report.
        log: the log file.
        nodes: id, state, seconds and number of records of each.
        warnings: messages about what is odd about the model.
        cross_validation: as `evaluation`, of all videos, each scored by a model that has not seen it; None if the run
            made none.
        replaced: what was wrong with versions of this model that were not whole; empty if there were none.
    """

    run: str
    verdict: str
    failed: list[str]
    evaluation: dict[str, Any]
    decision: dict[str, Any]
    serving: dict[str, Any]
    pushed: bool
    model: str | None
    audits: list[Audit]
    quarantined: int
    quarantine: str
    report: str
    log: str
    nodes: list[dict[str, Any]]
    warnings: list[str] = dataclasses.field(default_factory=list)
    replaced: str = ""
    cross_validation: dict[str, Any] | None = None

    @property
    def blessed(self) -> bool:
        """Whether the model meets all bounds and can be served."""
        return self.verdict == "blessed"


def collect_result(config: TrainingConfig, nodes: Sequence[NodeRow]) -> TrainingResult:
    """Collects the result of a finished run from its store."""
    # Imported late: a report is looked for without TFX.
    from tfx.utils import path_utils

    store = connect(store_path(config.run_dir))

    def output(node: str, key: str) -> NodeArtifact:
        return latest_output(store, config.name, node, key)

    video_metrics = output("Evaluator", "video_metrics").uri
    decision = read_decision(os.path.join(video_metrics, DECISION_FILE))
    serving = read_serving_check(output("ServingValidator", "blessing").uri)
    failed = [rule["message"] for rule in decision["rules"] if not rule["passed"]]
    failed += [f"{check['name']}: {check['detail']}" for check in serving["checks"] if not check["passed"]]
    pushed = output("Pusher", "pushed_model").properties
    states = {row.node: row.state for row in nodes}
    trained = read_model_description(path_utils.serving_model_path(output("Trainer", "model").uri))
    quarantine = output("FrameFeatureGen", "quarantine")
    return TrainingResult(
        run=config.name,
        verdict="not blessed" if not decision["blessed"] else "blessed" if serving["passed"] else "not servable",
        failed=failed,
        evaluation=read_json(os.path.join(video_metrics, METRICS_FILE)),
        cross_validation=read_cross_validation(video_metrics),
        decision=decision,
        serving=serving,
        pushed=bool(pushed.get("pushed")) and states["Pusher"] == "done",
        model=pushed.get("pushed_destination"),
        audits=read_audits(output("Auditor", "audits").uri) if "Auditor" in states else [],
        quarantined=quarantine.properties["records"],
        quarantine=quarantine.uri,
        report=copy_report(output("ReportGen", "report").uri, config.run_dir),
        log=os.path.join(config.run_dir, "run.log"),
        nodes=[row.to_json() for row in nodes],
        warnings=list(filter(None, [trained.decision.warning])),
        replaced=pushed.get("replaced", "") if states["Pusher"] == "done" else "",
    )


def copy_report(uri: str, folder: str) -> str:
    """Copies the report in the artifact `uri` to `report` in `folder`, and returns its path."""
    content = storage.read_bytes(os.path.join(uri, REPORT_FILE))
    path = report_path(folder)
    write_whole(path, content)
    return path


def write_summary(result: "TrainingResult | ScoringResult", folder: str) -> str:
    """Writes `summary.json` and returns its path."""
    path = os.path.join(folder, SUMMARY_FILE)
    write_whole(path, json.dumps(dataclasses.asdict(result), indent=2).encode())
    return path
