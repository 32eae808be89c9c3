"""A pipeline of two tasks whose containers are functions of this process."""

import json
import os
import pathlib
import unittest.mock
from collections.abc import Callable
from typing import Any

from kubeflow_cluster.cluster import Cluster
from kubeflow_cluster.launcher import RunCommand
from kubeflow_cluster.profiles import PROFILES
from kubeflow_cluster.store import FolderStore
from pipeline.runners import kubeflow_container
from pipeline.runners.container import EXECUTOR_INPUT, INPUTS_SPEC

Json = dict[str, Any]
Executor = Callable[[Json], Json]
"""Takes an ExecutorInput and returns the metadata of the outputs by key."""

EXAMPLES = {"instanceSchema": "title: tfx.Examples\ntype: object\n"}


def specification(baseline: str = "") -> Json:
    """Returns a pipeline in which `Reader` takes what `Writer` makes, and what an importer finds at `baseline`."""
    examples = {"artifacts": {"examples": {"artifactType": EXAMPLES}}}
    imports = {"artifacts": {"result": {"artifactType": EXAMPLES}}}
    source = {"taskOutputArtifact": {"producerTask": "Writer", "outputArtifactKey": "examples"}}
    taken = {"examples": source}
    tasks: Json = {"Writer": {"componentRef": {"name": "Writer"}}}
    if baseline:
        uri = {"parameters": {"uri": {"runtimeValue": {"constant": baseline}}}}
        tasks["Import"] = {"componentRef": {"name": "Import"}, "inputs": uri}
        taken["baseline"] = {"taskOutputArtifact": {"producerTask": "Import", "outputArtifactKey": "result"}}
    tasks["Reader"] = {
        "componentRef": {"name": "Reader"},
        "inputs": {"artifacts": taken},
        "retryPolicy": {"maxRetryCount": 1},
    }
    reads = {"artifacts": {key: {"artifactType": EXAMPLES} for key in taken}}
    return {
        "pipelineInfo": {"name": "small"},
        "root": {"inputDefinitions": {"parameters": {}}, "dag": {"tasks": tasks}},
        "components": {
            "Writer": {"executorLabel": "writer", "outputDefinitions": examples},
            "Import": {"executorLabel": "import", "outputDefinitions": imports},
            "Reader": {"executorLabel": "reader", "inputDefinitions": reads, "outputDefinitions": imports},
        },
        "deploymentSpec": {
            "executors": {
                "writer": {"container": _container("Writer", {})},
                "reader": {"container": _container("Reader", reads)},
                "import": {"importer": {"artifactUri": {"runtimeParameter": "uri"}, "typeSchema": EXAMPLES}},
            }
        },
    }


def _container(name: str, inputs_spec: Json) -> Json:
    return {"image": "", "command": [name], "args": [EXECUTOR_INPUT, "{{$}}", INPUTS_SPEC, json.dumps(inputs_spec)]}


def cluster(folder: pathlib.Path, profile: str, run_command: RunCommand) -> Cluster:
    """Returns an empty cluster with its bucket and its pods below `folder`."""
    return Cluster(PROFILES[profile], FolderStore(folder / "bucket"), folder / "pod", run_command)


def bare(**containers: Callable[[Json, pathlib.Path], None]) -> RunCommand:
    """Containers without an entry point of the project's: they take ExecutorInput and pod."""

    def run(command: list[str], environment: dict[str, str], log: pathlib.Path) -> int:
        log.touch()
        given = json.loads(command[command.index(EXECUTOR_INPUT) + 1])
        containers[command[0]](given, pathlib.Path(environment["ARTIFACT_LOCAL_PATH"]))
        return 0

    return run


def prepared(**executors: Executor) -> RunCommand:
    """Containers that surround the executors with what the project's own entry point does."""

    def run(command: list[str], environment: dict[str, str], log: pathlib.Path) -> int:
        given = json.loads(command[command.index(EXECUTOR_INPUT) + 1])
        with unittest.mock.patch.dict(os.environ, environment):
            uris = kubeflow_container.prepare(given, json.loads(command[command.index(INPUTS_SPEC) + 1]))
            _answer(given, executors[command[0]](given))
            kubeflow_container.finish(given["outputs"], uris)
        log.touch()
        return 0

    return run


def path(executor_input: Json, side: str, key: str) -> pathlib.Path:
    """Returns the folder that an executor is given for an input or an output."""
    (artifact,) = executor_input[side]["artifacts"][key]["artifacts"]
    return pathlib.Path(artifact["uri"])


def _answer(given: Json, metadata: Json) -> None:
    artifacts = {
        key: {"artifacts": [{"uri": str(path(given, "outputs", key)), "metadata": told}]}
        for key, told in metadata.items()
    }
    file = pathlib.Path(given["outputs"]["outputFile"])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"artifacts": artifacts}))
