"""What the MLMD store of a local run says of its nodes."""

import dataclasses
from typing import Any

import ml_metadata as mlmd
from google.protobuf import json_format
from ml_metadata.proto import metadata_store_pb2

_STATES = {
    metadata_store_pb2.Execution.COMPLETE: "done",
    metadata_store_pb2.Execution.CACHED: "cached",
    metadata_store_pb2.Execution.FAILED: "failed",
    metadata_store_pb2.Execution.RUNNING: "running",
}


@dataclasses.dataclass(frozen=True)
class OutputArtifact:
    """An artifact that a node gave: its key, place and custom properties."""

    key: str
    id: int
    uri: str
    properties: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class NodeExecution:
    """The latest execution of one node."""

    id: int
    state: str
    outputs: tuple[OutputArtifact, ...]


def connect(path: str) -> mlmd.MetadataStore:
    """Opens the SQLite store at `path`."""
    connection = metadata_store_pb2.ConnectionConfig()
    connection.sqlite.filename_uri = path
    return mlmd.MetadataStore(connection)


def latest_execution(store: mlmd.MetadataStore, pipeline: str, node: str) -> NodeExecution | None:
    """Finds the newest execution of a node, or None if it never ran."""
    context = store.get_context_by_type_and_name("node", f"{pipeline}.{node}")
    executions = store.get_executions_by_context(context.id) if context else []
    if not executions:
        return None
    execution = max(executions, key=lambda candidate: candidate.id)
    return NodeExecution(
        id=execution.id,
        state=_STATES.get(execution.last_known_state, "unknown"),
        outputs=_outputs(store, execution.id),
    )


def _outputs(store: mlmd.MetadataStore, execution_id: int) -> tuple[OutputArtifact, ...]:
    keys = {
        event.artifact_id: event.path.steps[0].key
        for event in store.get_events_by_execution_ids([execution_id])
        if event.type == metadata_store_pb2.Event.OUTPUT
    }
    return tuple(
        OutputArtifact(
            key=keys[artifact.id],
            id=artifact.id,
            uri=artifact.uri,
            properties=plain_properties(artifact),
        )
        for artifact in store.get_artifacts_by_id(list(keys))
    )


def plain_properties(known: metadata_store_pb2.Artifact | metadata_store_pb2.Execution) -> dict[str, Any]:
    """The custom properties of an artifact, or the parameters of an execution."""
    return {name: _plain(value) for name, value in known.custom_properties.items() if not name.startswith("__")}


def _plain(value: metadata_store_pb2.Value) -> Any:
    kind = value.WhichOneof("value")
    content = getattr(value, kind)
    return json_format.MessageToDict(content) if kind in ("struct_value", "proto_value") else content
