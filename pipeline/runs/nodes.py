"""The state of each node of a local run: its outcome, duration and numbers of records."""

import dataclasses
from typing import Any

import ml_metadata as mlmd

from components import features
from pipeline.runs.store import NodeArtifact, latest_execution

_RECORDS = {"quarantine": "quarantined", "video_metrics": "tested", "audits": "audits", "scores": "rows"}


@dataclasses.dataclass
class NodeRow:
    """A node's row in the table, during the run and after it."""

    node: str
    state: str = "waiting"
    started: float | None = None
    seconds: float | None = None
    records: str = ""

    def to_json(self) -> dict[str, Any]:
        """The row as a plain object."""
        return {
            "node": self.node,
            "state": self.state,
            "seconds": round(self.seconds or 0, 1),
            "records": self.records,
        }


def node_outcome(store: mlmd.MetadataStore, pipeline: str, node: str) -> tuple[str, str]:
    """Returns the state of a node's latest execution, and its numbers of records as text."""
    execution = latest_execution(store, pipeline, node)
    if execution is None:
        return "unknown", ""
    by_key = sorted(execution.outputs, key=lambda output: output.key)
    return execution.state, ", ".join(filter(None, (_records(output) for output in by_key)))


def _records(output: NodeArtifact) -> str:
    if "records" in output.properties:
        return f"{output.properties['records']} {_RECORDS[output.key]}"
    counts = [
        f"{split} {output.properties[f'records_{split}']}"
        for split in (*features.SPLITS, features.SCORED_SPLIT)
        if f"records_{split}" in output.properties
    ]
    told = [name for name in ("cached", "truncated", "self_blended") if output.properties.get(name)]
    noteworthy = [f"{output.properties[name]} {name.replace('_', '-')}" for name in told]
    return ", ".join(counts + noteworthy)
