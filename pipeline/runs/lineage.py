"""Traces a pushed model, or scores, back to everything that produced them, through the MLMD store of their run."""

import dataclasses
import datetime
import json
import os
from collections.abc import Iterable
from typing import Any, Final

import ml_metadata as mlmd
from ml_metadata.proto import metadata_store_pb2

from components.errors import UserError
from components.redaction import redact
from pipeline.runs.folders import STORE_FILE, find_run_folder, holds_run, run_folders, store_path
from pipeline.runs.pushed_models import Push, find_model, find_pushes, pushes_of
from pipeline.runs.store import connect, plain_properties

# Not JSON even if it looks like it: a folder may be named {}.
_PATHS: Final = ("artifact_uri", "input_base", "data_root", "cache_dir", "face_model", "like", "weights")
# A cached execution repeats the outputs of the execution that made them.
_MADE: Final = metadata_store_pb2.Execution.COMPLETE


@dataclasses.dataclass(frozen=True)
class Ancestor:
    """An execution that contributed to the traced artifact.

    Attributes:
        id: id in the store.
        node: id of the node in the DAG.
        run: id of the pipeline's run.
        finished: ISO 8601, UTC.
        parameters: parameters of the node, with JSON parsed.
        inputs: ids of artifacts by key.
        outputs: ids of artifacts by key.
    """

    id: int
    node: str
    run: str
    finished: str
    parameters: dict[str, Any]
    inputs: dict[str, list[int]]
    outputs: dict[str, list[int]]


@dataclasses.dataclass(frozen=True)
class KnownArtifact:
    """The traced artifact, or one that contributed to it."""

    id: int
    type: str
    uri: str
    properties: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Lineage:
    """Everything that contributed to one pushed model, or to the scores of a run.

    Attributes:
        model: the version folder; for scores, that of the model that made them.
        store: path of the MLMD store.
        data_root: folder of the videos.
        data_fingerprint: fingerprint of their names, sizes and times.
        code_versions: by node, a digest of its source and of the libraries' versions.
        pushed: id of the traced artifact.
        executions: in the order in which they finished.
        artifacts: by id.
    """

    model: str
    store: str
    data_root: str
    data_fingerprint: str
    code_versions: dict[str, str]
    pushed: int
    executions: list[Ancestor]
    artifacts: dict[int, KnownArtifact]


def find_lineage(model: str | None, runs_dir: str) -> Lineage:
    """Traces a pushed model.

    Args:
        model: a version folder, or the name or folder of a run, which stands for the model it pushed last; None for the
            model pushed last by any run.
        runs_dir: the folder of all runs.

    Raises:
        UserError: if there is no such model, or no run has it in its store.
    """
    run = find_run_folder(model, runs_dir) if model is not None else None
    if run is not None:
        pushes = pushes_of(run) or pushes_of(run, repeated=True)
        if not pushes:
            raise UserError(f"{run}: the run has pushed no model; name another run, or runs/NAME/model/VERSION")
        return _trace(max(pushes, key=lambda push: push.time_s))
    beside = os.path.dirname(os.path.dirname(os.path.realpath(model))) if model and "://" not in model else ""
    # The same run may be reached through several folders; the first one wins.
    run_dirs = [beside] * holds_run(beside) + run_folders(runs_dir)
    if not run_dirs:
        raise UserError(f"{runs_dir}: no run has left a {STORE_FILE} there; give --runs-dir, the folder of all runs")
    meant = model or find_model(runs_dir, otherwise="a version folder")
    known = (push for repeated in (False, True) for push in find_pushes(run_dirs, repeated=repeated))
    push = next((push for push in known if push.is_at(meant)), None)
    if push is None:
        raise UserError(
            f"{meant}: no run below {runs_dir} has pushed such a model; give runs/NAME/model/VERSION, and --runs-dir "
            "if needed"
        )
    return _trace(push)


def _trace(push: Push) -> Lineage:
    path = store_path(push.run_dir)
    return trace(connect(path), push.artifact, path, model=push.recorded)


def trace(store: mlmd.MetadataStore, made: metadata_store_pb2.Artifact, path: str, *, model: str) -> Lineage:
    """Walks from an artifact to everything that contributed to it, within one store."""
    executions: dict[int, Ancestor] = {}
    artifact_ids, reached = {made.id}, {made.id}
    while reached:
        found = [each for each in _makers(store, reached) if each.id not in executions]
        executions |= {each.id: each for each in found}
        related = {number for each in found for ids in each.inputs.values() for number in ids}
        reached = related - artifact_ids
        artifact_ids |= related | {number for each in found for ids in each.outputs.values() for number in ids}
    types = {known.id: known.name for known in store.get_artifact_types()}
    ordered = sorted(executions.values(), key=lambda each: (each.finished, each.id))
    # The nearest execution of each node: the baseline's, also ancestors, are farther away and may be newer.
    nearest: dict[str, Ancestor] = {}
    for each in executions.values():
        nearest.setdefault(each.node, each)
    videos = nearest["VideoExampleGen"].parameters if "VideoExampleGen" in nearest else {}
    return Lineage(
        model=model,
        store=path,
        data_root=videos.get("input_base", ""),
        data_fingerprint=videos.get("fingerprint", ""),
        code_versions={
            each.node: each.parameters["code_version"]
            for each in ordered
            if each is nearest[each.node] and "code_version" in each.parameters
        },
        pushed=made.id,
        executions=ordered,
        artifacts={
            artifact.id: KnownArtifact(artifact.id, types[artifact.type_id], artifact.uri, plain_properties(artifact))
            for artifact in store.get_artifacts_by_id(sorted(artifact_ids))
        },
    )


def _makers(store: mlmd.MetadataStore, artifact_ids: Iterable[int]) -> list[Ancestor]:
    """Returns the executions that made the artifacts."""
    output = metadata_store_pb2.Event.OUTPUT
    events = store.get_events_by_artifact_ids(sorted(artifact_ids))
    ids = sorted({event.execution_id for event in events if event.type == output})
    made = [each for each in store.get_executions_by_id(ids) if each.last_known_state == _MADE]
    return [_ancestor(store, execution) for execution in made]


def _ancestor(store: mlmd.MetadataStore, execution: metadata_store_pb2.Execution) -> Ancestor:
    contexts = {context.type: context.name for context in store.get_contexts_by_execution(execution.id)}
    inputs: dict[str, list[int]] = {}
    outputs: dict[str, list[int]] = {}
    for event in store.get_events_by_execution_ids([execution.id]):
        side = outputs if event.type == metadata_store_pb2.Event.OUTPUT else inputs
        side.setdefault(event.path.steps[0].key, []).append(event.artifact_id)
    finished = datetime.datetime.fromtimestamp(execution.last_update_time_since_epoch / 1000, datetime.timezone.utc)
    return Ancestor(
        id=execution.id,
        node=contexts["node"].rpartition(".")[2],
        run=contexts.get("pipeline_run", ""),
        finished=finished.isoformat(timespec="milliseconds"),
        parameters=_parameters(execution),
        inputs=inputs,
        outputs=outputs,
    )


def _parameters(execution: metadata_store_pb2.Execution) -> dict[str, Any]:
    """Returns the node's parameters, merged with the `custom_config` of nodes derived from TFX's."""
    found = {
        name: json.loads(value) if isinstance(value, str) and value.startswith("{") and name not in _PATHS else value
        for name, value in plain_properties(execution).items()
    }
    config = found.pop("custom_config", None) or {}
    # The config of an ExampleGen is a message within a message.
    packed = config.get("custom_config", config)
    return redact(found | packed.get("value", packed))
