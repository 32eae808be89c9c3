"""Entry point of a node's container on Kubeflow Pipelines, between its launcher and TFX.

The launcher copies a task's inputs from the bucket to the pod before the command, and its outputs from the pod to the
bucket afterwards. TFX works on these copies, so it is told their paths; the launcher, and all who read the outputs
later, are told the bucket's.
"""

import json
import os
import pathlib
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from components.errors import UserError
from pipeline.runners.container import EXECUTOR_INPUT, INPUTS_SPEC, run_executor
from pipeline.runners.whole_artifacts.containers import each_artifact, record_outputs, require_whole_inputs

Json = dict[str, Any]

# The launcher's own variable: the folder that stands for `/`.
_ROOT = "ARTIFACT_LOCAL_PATH"
_FOLDERS = {"gs": "gcs", "minio": "minio", "s3": "s3"}
_LOGS = "executor-logs"
_ADDED_METADATA = ("display_name", "store_session_info")


def main(arguments: Sequence[str]) -> None:
    """Runs the executor that the arguments name, on the launcher's copies.

    Raises:
        SystemExit: with one line, if an input is damaged; see also `run_executor`.
    """
    given, inputs_spec = (arguments[arguments.index(option) + 1] for option in (EXECUTOR_INPUT, INPUTS_SPEC))
    executor_input = json.loads(given)
    try:
        uris = prepare(executor_input, json.loads(inputs_spec))
    except UserError as error:
        sys.exit(error.message)
    run_executor([json.dumps(executor_input) if argument is given else argument for argument in arguments])
    finish(executor_input["outputs"], uris)


def prepare(executor_input: Json, inputs_spec: Json) -> dict[str, str]:
    """Changes an ExecutorInput of the launcher's to what TFX expects, and makes the folders of all artifacts.

    Args:
        executor_input: the ExecutorInput as JSON.
        inputs_spec: the component's ComponentInputsSpec as JSON.

    Returns:
        The uris by the paths of their copies.

    Raises:
        UserError: if an input is not as its maker recorded it.
    """
    inputs = executor_input.get("inputs", {}).get("artifacts", {})
    outputs = executor_input["outputs"]["artifacts"]
    # The driver adds the log to the outputs, with a type that TFX does not know, and the launcher writes it.
    outputs.pop(_LOGS, None)
    for key, artifact in each_artifact(inputs):
        # Kubeflow's store loses the types, or takes their text for their title.
        artifact["type"] = inputs_spec["artifacts"][key]["artifactType"]
        metadata = artifact.get("metadata", {})
        artifact["metadata"] = {name: _plain(metadata[name]) for name in metadata if name not in _ADDED_METADATA}
    uris = {}
    for _, artifact in (*each_artifact(inputs), *each_artifact(outputs)):
        path = local_path(artifact["uri"])
        uris[path], artifact["uri"] = artifact["uri"], path
        _make_folder(path)
    require_whole_inputs(executor_input)
    return uris


def finish(outputs: Json, uris: Mapping[str, str]) -> None:
    """Names the bucket in the outputs' JSON files, records all files, and reduces what TFX says to what is stored.

    `outputs` are those that `prepare` has changed, `uris` is what it returned.
    """
    for _, artifact in each_artifact(outputs["artifacts"]):
        for path in pathlib.Path(artifact["uri"]).rglob("*.json"):
            _name_the_bucket(path, uris)
    answer = pathlib.Path(outputs["outputFile"])
    told = json.loads(_name_the_bucket(answer, uris))
    record_outputs(outputs, told)
    for _, artifact in each_artifact(told.get("artifacts", {})):
        # The launcher would take a uri for another place of the output, and cannot store null.
        metadata = {name: value for name, value in artifact.get("metadata", {}).items() if value is not None}
        artifact.clear()
        artifact["metadata"] = metadata
    answer.write_text(json.dumps(told))


def local_path(uri: str) -> str:
    """Returns the path of the launcher's copy; the uri itself if it makes none."""
    scheme, _, place = uri.partition("://")
    if scheme not in _FOLDERS:
        return uri
    return f"{os.environ.get(_ROOT, '')}/{_FOLDERS[scheme]}/{place}".rstrip("/")


def _plain(value: Any) -> Any:
    """Unwraps lists and dictionaries, which ML Metadata holds only inside another."""
    match value:
        case {"struct": dict() as content} | {"list": list() as content} if len(value) == 1:
            return content
    return value


def _make_folder(path: str) -> None:
    # A folder without files is nothing in a bucket, or an empty object that the launcher takes for a file.
    if os.path.isfile(path) and not os.path.getsize(path):
        os.remove(path)
    os.makedirs(path, exist_ok=True)


def _name_the_bucket(path: pathlib.Path, uris: Mapping[str, str]) -> str:
    text = before = path.read_text(encoding="utf-8")
    for copy, uri in uris.items():
        text = text.replace(json.dumps(copy)[1:-1], json.dumps(uri)[1:-1])
    if text != before:
        path.write_text(text, encoding="utf-8")
    return text


if __name__ == "__main__":
    main(sys.argv[1:])
