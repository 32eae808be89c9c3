"""Local runs record the files of every artifact, and take from the cache only what is still as it was recorded."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from tfx.orchestration.portable import launcher
from tfx.orchestration.portable.beam_executor_operator import BeamExecutorOperator
from tfx.orchestration.portable.python_executor_operator import PythonExecutorOperator
from tfx.proto.orchestration import executable_spec_pb2
from tfx.types import Artifact, artifact_utils

from components.recorded_files import FILES_PROPERTY, files_from_json, files_to_json, find_damage, record_files
from components.served_model.version_files import find_version_damage

_MODEL = "Model"
_DESTINATION = "pushed_destination"


@contextlib.contextmanager
def whole_artifacts(tell: Callable[[str], None]) -> Iterator[None]:
    """Makes TFX's local runner do so for the duration of the context.

    Args:
        tell: called with one line about each artifact that is made anew.
    """
    # LocalDagRunner passes its launcher neither operators nor a rule for its cache. TFX 1.16 and 1.21 look both up
    # here, by these names; `verify_artifacts` is what decides that a cached output can be used.
    operators, verify = dict(launcher.DEFAULT_EXECUTOR_OPERATORS), artifact_utils.verify_artifacts
    known: dict[int, str] = {}

    def verify_content(artifacts: dict[str, list[Artifact]]) -> None:
        for artifact in (artifact for several in artifacts.values() for artifact in several):
            # Each cached execution repeats the artifact.
            if artifact.id not in known:
                known[artifact.id] = damage_of(artifact)
                if known[artifact.id]:
                    tell(f"made anew: {known[artifact.id]}")
            if known[artifact.id]:
                raise RuntimeError(known[artifact.id])
        verify(artifacts)

    launcher.DEFAULT_EXECUTOR_OPERATORS.update(
        {
            executable_spec_pb2.PythonClassExecutableSpec: _RecordingPythonOperator,
            executable_spec_pb2.BeamExecutableSpec: _RecordingBeamOperator,
        }
    )
    artifact_utils.verify_artifacts = verify_content
    try:
        yield
    finally:
        launcher.DEFAULT_EXECUTOR_OPERATORS.update(operators)
        artifact_utils.verify_artifacts = verify


def damage_of(artifact: Artifact) -> str:
    """Says what is wrong with an artifact, or with the version that it says was pushed; empty if nothing is known."""
    files = files_from_json(artifact.get_string_custom_property(FILES_PROPERTY))
    if files is not None and (damage := find_damage(artifact.uri, files, others=False)):
        return f"{artifact.uri}: {damage}"
    version = artifact.get_string_custom_property(_DESTINATION)
    if version and (damage := find_version_damage(version, content=None)):
        return f"{version}: {damage}"
    return ""


class _Recording:
    """Adds to an operator that it records the files of the outputs, as a property that is published with them."""

    def run_executor(self, execution_info: Any) -> Any:
        output = super().run_executor(execution_info)  # type: ignore[misc]
        for key, several in output.output_artifacts.items():
            # Of models also in buckets, since the Pusher reads them anyway.
            is_model = any(artifact.type_name == _MODEL for artifact in execution_info.output_dict[key])
            for artifact in several.artifacts:
                files = record_files(artifact.uri, content=True if is_model else None)
                artifact.custom_properties[FILES_PROPERTY].string_value = files_to_json(files)
        return output


class _RecordingPythonOperator(_Recording, PythonExecutorOperator):
    pass


class _RecordingBeamOperator(_Recording, BeamExecutorOperator):
    pass
