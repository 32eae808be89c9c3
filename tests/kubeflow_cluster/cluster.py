"""A cluster with Kubeflow Pipelines: what outlives a run, and the order of the tasks in a run."""

import dataclasses
import graphlib
import itertools
import pathlib
from typing import Any

from kubeflow_cluster.artifacts import Artifact, imported, recorded
from kubeflow_cluster.driver import executor_input, fingerprint
from kubeflow_cluster.errors import LauncherError
from kubeflow_cluster.launcher import RunCommand, attempt
from kubeflow_cluster.profiles import Profile
from kubeflow_cluster.store import Store

Json = dict[str, Any]


@dataclasses.dataclass
class Cluster:
    """The state that outlives a run.

    Attributes:
        profile: the version of Kubeflow Pipelines.
        store: the bucket, `gs://bucket`.
        pod: the folder that stands for `/` of the one pod that there is at a time.
        run_command: runs a container's command.
        root: the pipeline root.
        cache: outputs by fingerprint.
        imports: what importers found, by its uri, which they find again.
    """

    profile: Profile
    store: Store
    pod: pathlib.Path
    run_command: RunCommand
    root: str = "gs://bucket/artifacts"
    cache: dict[str, dict[str, Artifact]] = dataclasses.field(default_factory=dict)
    imports: dict[str, Artifact] = dataclasses.field(default_factory=dict)
    identities: itertools.count = dataclasses.field(default_factory=lambda: itertools.count(1))
    runs: itertools.count = dataclasses.field(default_factory=itertools.count)


@dataclasses.dataclass(frozen=True)
class TaskResult:
    """A task's output artifacts by key, and how many pods it had: none if it was cached or an importer."""

    outputs: dict[str, Artifact]
    attempts: int


def walk(cluster: Cluster, specification: Json, parameters: Json) -> dict[str, TaskResult]:
    """Runs each task after those that it depends on.

    Args:
        cluster: the cluster.
        specification: a PipelineSpec of schema 2.1.
        parameters: runtime parameters that differ from their defaults.

    Raises:
        LauncherError: if a task fails and its retries do, too.
    """
    declared = specification["root"]["inputDefinitions"]["parameters"]
    assert set(parameters) <= set(declared)
    values = {name: parameter["defaultValue"] for name, parameter in declared.items()} | parameters
    tasks = specification["root"]["dag"]["tasks"]
    run_root = f"{cluster.root}/{specification['pipelineInfo']['name']}/run-{next(cluster.runs)}"
    results: dict[str, TaskResult] = {}
    for name in graphlib.TopologicalSorter({name: _upstream(task) for name, task in tasks.items()}).static_order():
        results[name] = _run_task(cluster, specification, run_root, name, values, results)
    return results


def _upstream(task: Json) -> set[str]:
    inputs = task.get("inputs", {}).get("artifacts", {}).values()
    return {*task.get("dependentTasks", ()), *(source["taskOutputArtifact"]["producerTask"] for source in inputs)}


def _run_task(
    cluster: Cluster, specification: Json, run_root: str, name: str, values: Json, results: dict[str, TaskResult]
) -> TaskResult:
    task = specification["root"]["dag"]["tasks"][name]
    component = specification["components"][task["componentRef"]["name"]]
    executor = specification["deploymentSpec"]["executors"][component["executorLabel"]]
    parameters = {key: _value(source, values) for key, source in task.get("inputs", {}).get("parameters", {}).items()}
    if "importer" in executor:
        (key,) = component["outputDefinitions"]["artifacts"]
        uri = parameters[executor["importer"]["artifactUri"]["runtimeParameter"]]
        if uri not in cluster.imports:
            identity = str(next(cluster.identities))
            cluster.imports[uri] = imported(cluster.profile, identity, uri, executor["importer"])
        return TaskResult({key: cluster.imports[uri]}, attempts=0)
    inputs = {
        key: results[source["taskOutputArtifact"]["producerTask"]].outputs[
            source["taskOutputArtifact"]["outputArtifactKey"]
        ]
        for key, source in task.get("inputs", {}).get("artifacts", {}).items()
    }
    container = executor["container"]
    key = fingerprint(component, container, parameters, inputs)
    caching = task.get("cachingOptions", {}).get("enableCache", False)
    if caching and key in cluster.cache:
        return TaskResult(cluster.cache[key], attempts=0)
    given = executor_input(cluster.profile, cluster.pod, f"{run_root}/{name}", component, parameters, inputs)
    retries = task.get("retryPolicy", {}).get("maxRetryCount", 0)
    for number in itertools.count():
        try:
            outputs = attempt(
                cluster.profile, cluster.store, cluster.pod, run_root, container, given, number, cluster.run_command
            )
            kept = {
                output: recorded(cluster.profile, str(next(cluster.identities)), output, artifact)
                for output, artifact in outputs.items()
            }
        except LauncherError:
            if number == retries:
                raise
        else:
            cluster.cache[key] = kept
            return TaskResult(kept, attempts=number + 1)
    raise AssertionError


def _value(source: Json, values: Json) -> Any:
    if "componentInputParameter" in source:
        return values[source["componentInputParameter"]]
    return source["runtimeValue"]["constant"]
