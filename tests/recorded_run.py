"""A run's store, written node by node in TFX's format, so that tests of partial and failed reruns need no runs."""

import os
import pathlib

import ml_metadata as mlmd
from ml_metadata.proto import metadata_store_pb2 as proto

from pipeline.runs.store import connect

_STATES = {"done": "COMPLETE", "cached": "CACHED", "failed": "FAILED"}


class RecordedRun:
    """The store of one run; artifacts are named by keys like `examples`, and their folders are created."""

    def __init__(self, folder: pathlib.Path, pipeline: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.pipeline = pipeline or folder.name
        self.store: mlmd.MetadataStore = connect(str(folder / "metadata.sqlite"))
        self._types = {kind: self.store.put_context_type(proto.ContextType(name=kind)) for kind in ("node", "pipeline")}
        self._execution_type = self.store.put_execution_type(proto.ExecutionType(name="Node"))
        self._artifact_type = self.store.put_artifact_type(proto.ArtifactType(name="Artifact"))
        self._pipeline = self._context("pipeline", self.pipeline)

    def record(
        self,
        node: str,
        inputs: dict[str, int] | None = None,
        outputs: tuple[str, ...] = (),
        *,
        again: dict[str, int] | None = None,
        state: str = "done",
        properties: dict[str, dict[str, int]] | None = None,
        **parameters: str,
    ) -> dict[str, int]:
        """Records an execution; returns the ids of its artifacts by key, new ones and those passed in `again`.

        `properties` are custom properties of the new artifacts, by key.
        """
        execution = proto.Execution(
            type_id=self._execution_type, last_known_state=getattr(proto.Execution, _STATES[state])
        )
        for name, value in parameters.items():
            execution.custom_properties[name].string_value = value
        made = again or {}
        pairs = [(self._known(number), _event(key, proto.Event.INPUT)) for key, number in (inputs or {}).items()]
        pairs += [(self._known(number), _event(key, proto.Event.OUTPUT)) for key, number in made.items()]
        given = properties or {}
        pairs += [(self._artifact(node, key, given.get(key, {})), _event(key, proto.Event.OUTPUT)) for key in outputs]
        contexts = [self._pipeline, self._context("node", f"{self.pipeline}.{node}")]
        _, ids, _ = self.store.put_execution(execution, pairs, contexts)
        return dict(zip((*made, *outputs), ids[len(inputs or {}) :], strict=True))

    def record_scores(self, model: str) -> None:
        """Records an execution of SubmissionGen, with scores by a model."""
        kind = self.store.put_artifact_type(proto.ArtifactType(name="components.Scores"))
        scores = proto.Artifact(type_id=kind, uri=str(self.folder))
        scores.custom_properties["model"].string_value = model
        (number,) = self.store.put_artifacts([scores])
        self.record("SubmissionGen", again={"scores": number})

    def uri(self, number: int) -> str:
        """Returns the uri of an artifact."""
        return self._known(number).uri

    def _known(self, number: int) -> proto.Artifact:
        (artifact,) = self.store.get_artifacts_by_id([number])
        return artifact

    def _artifact(self, node: str, key: str, properties: dict[str, int]) -> proto.Artifact:
        place = self.folder / "artifacts" / node / key / str(len(self.store.get_artifacts()))
        os.makedirs(place)
        artifact = proto.Artifact(type_id=self._artifact_type, uri=str(place))
        for name, value in properties.items():
            artifact.custom_properties[name].int_value = value
        return artifact

    def _context(self, kind: str, name: str) -> proto.Context:
        found = self.store.get_context_by_type_and_name(kind, name)
        if found is None:
            self.store.put_contexts([proto.Context(type_id=self._types[kind], name=name)])
            found = self.store.get_context_by_type_and_name(kind, name)
        found.type = kind
        return found


def _event(key: str, kind: int) -> proto.Event:
    event = proto.Event(type=kind)
    event.path.steps.add().key = key
    event.path.steps.add().index = 0
    return event
