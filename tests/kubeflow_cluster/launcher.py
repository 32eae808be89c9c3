"""One attempt at a task, in a pod of its own: component/launcher_v2.go, `executeV2` and what it calls."""

import copy
import json
import os
import pathlib
import shutil
from collections.abc import Callable
from typing import Any

from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2

from kubeflow_cluster.driver import LOGS
from kubeflow_cluster.errors import LauncherError
from kubeflow_cluster.profiles import Profile
from kubeflow_cluster.store import Store
from kubeflow_cluster.transfer import download, key_of, local_path, upload

Json = dict[str, Any]
_SHOWN = 3000
RunCommand = Callable[[list[str], dict[str, str], pathlib.Path], int]
"""Runs a command with further environment variables, writes its output to a file, and returns its exit status."""


def attempt(
    profile: Profile,
    store: Store,
    pod: pathlib.Path,
    run_root: str,
    container: Json,
    executor_input: Json,
    number: int,
    run_command: RunCommand,
) -> dict[str, Json]:
    """Runs a task's container in an empty pod.

    Args:
        profile: the version.
        store: the bucket.
        pod: the folder that stands for the pod's `/`; it is emptied before and after.
        run_root: ROOT/PIPELINE/RUN, outside which no output may be.
        container: the task's container.
        executor_input: the driver's.
        number: how many attempts there were before.
        run_command: runs the container's command.

    Returns:
        The outputs as RuntimeArtifacts by key, uploaded.

    Raises:
        LauncherError: as the launcher would fail.
    """
    given = copy.deepcopy(executor_input)
    outputs = {key: several["artifacts"][0] for key, several in given["outputs"]["artifacts"].items()}
    if profile.has_task_folder:
        outputs[LOGS]["uri"] += f"-{number}"
    _empty(pod)
    try:
        for key, several in given["inputs"]["artifacts"].items():
            for artifact in several["artifacts"]:
                download(profile, store, key, artifact["uri"], local_path(pod, artifact["uri"]))
        for output in outputs.values():
            # Only the parents: an output may be a file.
            local_path(pod, output["uri"]).parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(given, separators=(",", ":"))
        command = [*container["command"], *(argument.replace("{{$}}", text) for argument in container["args"])]
        environment = {"ARTIFACT_LOCAL_PATH": str(pod), "TMPDIR": str(pod / "tmp")}
        log = local_path(pod, outputs[LOGS]["uri"])
        if status := run_command(command, environment, log):
            raise LauncherError(f"exit status {status}\n{log.read_text()[-_SHOWN:]}")
        _merge(outputs, _told(pathlib.Path(given["outputs"]["outputFile"])))
        for key, output in outputs.items():
            _upload(profile, store, pod, run_root, key, output)
    finally:
        shutil.rmtree(pod)
    return outputs


def _empty(pod: pathlib.Path) -> None:
    shutil.rmtree(pod, ignore_errors=True)
    (pod / "tmp").mkdir(parents=True)


def _told(path: pathlib.Path) -> Json:
    """Reads the output file: `getExecutorOutputFile`."""
    if not path.exists():
        return {}
    try:
        parsed = json_format.Parse(path.read_text(), pipeline_spec_pb2.ExecutorOutput())
    except json_format.ParseError as error:
        raise LauncherError(f'failed to unmarshall ExecutorOutput in file "{path}": {error}') from error
    return json_format.MessageToDict(parsed)


def _merge(outputs: dict[str, Json], told: Json) -> None:
    """Takes over what an executor says of its outputs: `mergeRuntimeArtifacts`."""
    for key, several in told.get("artifacts", {}).items():
        if key in outputs and key != LOGS and several.get("artifacts"):
            (artifact, *_) = several["artifacts"]
            outputs[key]["uri"] = artifact.get("uri") or outputs[key]["uri"]
            outputs[key]["metadata"] = {**outputs[key].get("metadata", {}), **artifact.get("metadata", {})}


def _upload(profile: Profile, store: Store, pod: pathlib.Path, run_root: str, key: str, output: Json) -> None:
    if not output["uri"].startswith("gs://"):
        # It is only warned of; the tasks that take it fail.
        return
    path = local_path(pod, output["uri"])
    try:
        upload(store, path, key_of(output["uri"], run_root))
    except FileNotFoundError as error:
        if not profile.has_mlmd:
            raise LauncherError(
                f'declared output artifact "{key}" is missing at "{path}": {os.strerror(error.errno).lower()}'
            ) from error
    except LauncherError as error:
        raise LauncherError(f'failed to upload output artifact "{key}": {error}') from error
