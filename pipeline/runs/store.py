"""Reads the nodes' executions and artifacts from the MLMD store of a local run."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import ml_metadata as mlmd
from google.protobuf import json_format
from ml_metadata.proto import metadata_store_pb2

from pipeline.runs.folders import run_name
from pipeline.runs.store_file.opening import DamagedStoreError, require_store

_STATES = {
    metadata_store_pb2.Execution.COMPLETE: "done",
    metadata_store_pb2.Execution.CACHED: "cached",
    metadata_store_pb2.Execution.FAILED: "failed",
    metadata_store_pb2.Execution.RUNNING: "running",
}

_FINISHED = ("done", "cached")


@dataclasses.dataclass(frozen=True)
class NodeArtifact:
    """An input or output artifact of a node: its key, uri and custom properties."""

    key: str
    id: int
    uri: str
    properties: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class NodeExecution:
    """One execution of one node."""

    id: int
    state: str
    inputs: tuple[NodeArtifact, ...]
    outputs: tuple[NodeArtifact, ...]
    parameters: dict[str, Any]


def connect(path: str, *, to_write: bool = False) -> mlmd.MetadataStore:
    """Opens the SQLite store at `path`, or makes it; waits while another process has it locked.

    Args:
        path: of the file.
        to_write: whether readers are waited for, too.

    Raises:
        UserError: if it is damaged, or locked for too long.
    """
    require_store(path, to_write=to_write)
    connection = metadata_store_pb2.ConnectionConfig()
    connection.sqlite.filename_uri = path
    try:
        return mlmd.MetadataStore(connection)
    except RuntimeError as error:
        # The rest is the query, a page long.
        reason = str(error).removeprefix("Error when executing query: ").partition(" query: ")[0]
        raise DamagedStoreError(path, reason) from error


def pipeline_name(store: mlmd.MetadataStore, run_dir: str) -> str:
    """Returns the pipeline name of the run in `run_dir`: the folder's name, unless the folder was renamed."""
    name = run_name(run_dir)
    names = [context.name for context in store.get_contexts_by_type("pipeline")]
    return name if name in names or not names else names[-1]


def latest_finished(store: mlmd.MetadataStore, pipeline: str, node: str) -> NodeExecution | None:
    """Returns the newest execution of a node that has outputs, run or cached; None if there is none."""
    return next((each for each in iter_executions(store, pipeline, node) if each.state in _FINISHED), None)


def has_run(store: mlmd.MetadataStore, pipeline: str, node: str) -> bool:
    """Whether a node was ever started."""
    return store.get_context_by_type_and_name("node", f"{pipeline}.{node}") is not None


def latest_execution(store: mlmd.MetadataStore, pipeline: str, node: str) -> NodeExecution | None:
    """Returns the newest execution of a node, or None if it never ran."""
    return next(iter_executions(store, pipeline, node), None)


def latest_output(store: mlmd.MetadataStore, pipeline: str, node: str, key: str) -> NodeArtifact:
    """Returns the artifact under `key` of the newest execution of a node, which must have run."""
    execution = latest_execution(store, pipeline, node)
    assert execution is not None, f"{node} has run"
    return next(output for output in execution.outputs if output.key == key)


def iter_executions(store: mlmd.MetadataStore, pipeline: str, node: str) -> Iterator[NodeExecution]:
    """Yields all executions of a node, newest first."""
    context = store.get_context_by_type_and_name("node", f"{pipeline}.{node}")
    executions = store.get_executions_by_context(context.id) if context else []
    for execution in sorted(executions, key=lambda candidate: -candidate.id):
        yield NodeExecution(
            id=execution.id,
            state=_STATES.get(execution.last_known_state, "unknown"),
            inputs=_artifacts(store, execution.id, metadata_store_pb2.Event.INPUT),
            outputs=_artifacts(store, execution.id, metadata_store_pb2.Event.OUTPUT),
            parameters=plain_properties(execution),
        )


def _artifacts(store: mlmd.MetadataStore, execution_id: int, event_type: int) -> tuple[NodeArtifact, ...]:
    keys = {
        event.artifact_id: event.path.steps[0].key
        for event in store.get_events_by_execution_ids([execution_id])
        if event.type == event_type
    }
    return tuple(
        NodeArtifact(
            key=keys[artifact.id],
            id=artifact.id,
            uri=artifact.uri,
            properties=plain_properties(artifact),
        )
        for artifact in store.get_artifacts_by_id(list(keys))
    )


def plain_properties(known: metadata_store_pb2.Artifact | metadata_store_pb2.Execution) -> dict[str, Any]:
    """Returns the custom properties of an artifact, or the parameters of an execution."""
    return {name: _plain(value) for name, value in known.custom_properties.items() if not name.startswith("__")}


def _plain(value: metadata_store_pb2.Value) -> Any:
    kind = value.WhichOneof("value")
    content = getattr(value, kind)
    return json_format.MessageToDict(content) if kind in ("struct_value", "proto_value") else content
