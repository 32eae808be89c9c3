"""What the driver makes of a task before its pod exists.

2.5.0: driver/driver.go, `Container` and `provisionOutputs`. 2.17.0 and mlmd-removal: driver/container.go and
driver/driver.go; driver/cache.go and cacheutils/cache.go for `fingerprint`.
"""

import json
import pathlib
import uuid
from typing import Any

from kubeflow_cluster.artifacts import Artifact
from kubeflow_cluster.profiles import Profile
from kubeflow_cluster.transfer import local_path

Json = dict[str, Any]
LOGS = "executor-logs"


def executor_input(
    profile: Profile, pod: pathlib.Path, task_root: str, component: Json, parameters: Json, inputs: dict[str, Artifact]
) -> Json:
    """Returns a task's ExecutorInput.

    Args:
        profile: the version.
        pod: the folder that stands for the pod's `/`.
        task_root: ROOT/PIPELINE/RUN/TASK.
        component: the task's ComponentSpec.
        parameters: its parameters' values.
        inputs: its input artifacts.
    """
    folder = f"{task_root}/{uuid.uuid4()}"
    # Stock manifests publish logs.
    types = {key: output["artifactType"] for key, output in _outputs(component).items()}
    types[LOGS] = {"schemaTitle": "system.Artifact"}
    named = {key: {"name": key} if profile.has_task_folder else {} for key in types}
    output_file = local_path(pod, folder) if profile.has_task_folder else pod / "tmp" / "kfp_outputs"
    return {
        "inputs": {
            "parameterValues": parameters,
            "artifacts": {key: {"artifacts": [artifact.as_input(profile)]} for key, artifact in inputs.items()},
        },
        "outputs": {
            "artifacts": {
                key: {"artifacts": [{**named[key], "uri": f"{folder}/{key}", "type": kind}]}
                for key, kind in types.items()
            },
            "outputFile": str(output_file / "output_metadata.json"),
        },
    }


def fingerprint(component: Json, container: Json, parameters: Json, inputs: dict[str, Artifact]) -> str:
    """Returns what must be equal for a task to be taken from the cache: everything but the places of its outputs."""
    identities = {key: artifact.identity for key, artifact in inputs.items()}
    command = [container["image"], *container["command"], *container["args"]]
    return json.dumps([command, parameters, identities, _outputs(component)], sort_keys=True)


def _outputs(component: Json) -> Json:
    return component.get("outputDefinitions", {}).get("artifacts", {})
