"""The state of each node of a local run: its outcome, duration and numbers of records."""

import collections
import dataclasses
from collections.abc import Sequence
from typing import Any

import ml_metadata as mlmd

from components import features
from pipeline.runs.store import NodeArtifact, latest_execution

_BY_SPLIT = {f"records_{split}": split for split in (*features.SPLITS, features.SCORED_SPLIT)}
_TOLD = ("cached", "truncated", "self_blended", "recompressed")
_ROWS = {
    "quarantine": "quarantined",
    "video_metrics": "tested",
    "audits": "audits",
    "out_of_fold": "scored",
    "scores": "rows",
}


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
    return execution.state, _records(execution.outputs)


def _records(outputs: Sequence[NodeArtifact]) -> str:
    counts: collections.Counter[str] = collections.Counter()
    for output in outputs:
        counts.update({name: output.properties[name] for name in (*_BY_SPLIT, *_TOLD) if name in output.properties})
    by_split = [f"{split} {counts[name]}" for name, split in _BY_SPLIT.items() if name in counts]
    told = [f"{counts[name]} {name.replace('_', '-')}" for name in _TOLD if counts[name]]
    rows = [f"{each.properties['records']} {_ROWS[each.key]}" for each in outputs if "records" in each.properties]
    return ", ".join(by_split + told + rows)
