"""Vertex AI Pipelines for tests: walks a compiled pipeline and executes each task's own container command.

It does what Vertex AI does between the tasks, limited to what this project's pipelines need:
it orders the tasks, makes their ExecutorInput, imports and resolves artifacts, caches, and stores the outputs.
"""

import concurrent.futures
import dataclasses
import graphlib
import itertools
import json
import pathlib
import re
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
RunCommand = Callable[[list[str]], None]
"""Runs a container's command and arguments, and raises if they fail."""

_PARALLEL = 2


@dataclasses.dataclass
class Engine:
    """The state that outlives a run.

    Attributes:
        root: the folder for the tasks' outputs.
        run_command: runs a container's command.
        artifacts: all artifacts in the order in which they were made; the metadata store.
        cache: outputs by the digest of what they depend on.
    """

    root: pathlib.Path
    run_command: RunCommand
    artifacts: list[Json] = dataclasses.field(default_factory=list)
    cache: dict[str, dict[str, list[Json]]] = dataclasses.field(default_factory=dict)
    runs: itertools.count = dataclasses.field(default_factory=itertools.count)


@dataclasses.dataclass(frozen=True)
class TaskResult:
    """A task's output artifacts by key; `executed` is false if they were cached, imported or resolved."""

    outputs: dict[str, list[Json]]
    executed: bool

    def uri(self, key: str) -> pathlib.Path:
        """Returns the folder of an output's only artifact."""
        (artifact,) = self.outputs[key]
        return pathlib.Path(artifact["uri"])


def walk(engine: Engine, specification: Json, parameters: Json) -> dict[str, TaskResult]:
    """Runs each task once the tasks that it depends on are done.

    Args:
        engine: the engine.
        specification: a PipelineSpec of schema 2.1.
        parameters: runtime parameters that differ from their defaults.
    """
    declared = specification["root"]["inputDefinitions"]["parameters"]
    assert set(parameters) <= set(declared)
    values = {name: parameter["defaultValue"] for name, parameter in declared.items()} | parameters
    tasks = specification["root"]["dag"]["tasks"]
    folder = engine.root / f"run-{next(engine.runs)}"
    sorter = graphlib.TopologicalSorter({name: _upstream(task) for name, task in tasks.items()})
    sorter.prepare()
    results: dict[str, TaskResult] = {}
    running: dict[concurrent.futures.Future[TaskResult], str] = {}
    with concurrent.futures.ThreadPoolExecutor(_PARALLEL) as pool:
        while sorter.is_active():
            for name in sorter.get_ready():
                future = pool.submit(_run_task, engine, specification, name, values, dict(results), folder / name)
                running[future] = name
            for future in concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED).done:
                name = running.pop(future)
                results[name] = future.result()
                engine.artifacts += itertools.chain.from_iterable(results[name].outputs.values())
                sorter.done(name)
    return results


def _upstream(task: Json) -> set[str]:
    inputs = task.get("inputs", {}).get("artifacts", {}).values()
    return {*task.get("dependentTasks", ()), *(source["taskOutputArtifact"]["producerTask"] for source in inputs)}


def _run_task(
    engine: Engine, specification: Json, name: str, values: Json, results: dict[str, TaskResult], folder: pathlib.Path
) -> TaskResult:
    task = specification["root"]["dag"]["tasks"][name]
    component = specification["components"][task["componentRef"]["name"]]
    executor = specification["deploymentSpec"]["executors"][component["executorLabel"]]
    parameters = {
        key: values[source["componentInputParameter"]]
        if "componentInputParameter" in source
        else source["runtimeValue"]["constant"]
        for key, source in task.get("inputs", {}).get("parameters", {}).items()
    }
    inputs = {
        key: results[source["taskOutputArtifact"]["producerTask"]].outputs[
            source["taskOutputArtifact"]["outputArtifactKey"]
        ]
        for key, source in task.get("inputs", {}).get("artifacts", {}).items()
    }
    outputs = {
        key: [{"name": str(folder / key), "uri": str(folder / key), "type": output["artifactType"], "metadata": {}}]
        for key, output in component.get("outputDefinitions", {}).get("artifacts", {}).items()
    }
    if "importer" in executor:
        ((key, (artifact,)),) = outputs.items()
        uri = parameters[executor["importer"]["artifactUri"]["runtimeParameter"]]
        return TaskResult({key: [{**artifact, "name": uri, "uri": uri}]}, executed=False)
    if "resolver" in executor:
        queries = executor["resolver"]["outputArtifactQueries"]
        return TaskResult(
            {key: _query(engine.artifacts, query["filter"], inputs) for key, query in queries.items()}, executed=False
        )
    return _run_container(engine, executor["container"], task, parameters, inputs, outputs, folder)


def _run_container(
    engine: Engine,
    container: Json,
    task: Json,
    parameters: Json,
    inputs: dict[str, list[Json]],
    outputs: dict[str, list[Json]],
    folder: pathlib.Path,
) -> TaskResult:
    for artifact in itertools.chain.from_iterable(outputs.values()):
        # In the bucket, for which this folder stands, objects need no folder.
        pathlib.Path(artifact["uri"]).mkdir(parents=True)
    output_file = folder / "executor_output.json"
    executor_input: Json = {
        "inputs": {"parameterValues": parameters, "artifacts": _artifact_lists(inputs)},
        "outputs": {"artifacts": _artifact_lists(outputs), "outputFile": str(output_file)},
    }
    driver = container.get("lifecycle", {}).get("preCacheCheck")
    if driver:
        engine.run_command([*driver["command"], *_filled(driver["args"], executor_input)])
        driven = json.loads(output_file.read_text())
        parameters |= driven["parameterValues"]
        _take_over(outputs, driven)
    caching = task.get("cachingOptions", {}).get("enableCache", False)
    uris = {key: [artifact["uri"] for artifact in artifacts] for key, artifacts in inputs.items()}
    key = json.dumps([container, parameters, uris], sort_keys=True)
    if caching and key in engine.cache:
        return TaskResult(engine.cache[key], executed=False)
    engine.run_command([*container["command"], *_filled(container["args"], executor_input)])
    _take_over(outputs, json.loads(output_file.read_text()))
    engine.cache[key] = outputs
    return TaskResult(outputs, executed=True)


def _artifact_lists(artifacts: dict[str, list[Json]]) -> Json:
    return {key: {"artifacts": those} for key, those in artifacts.items()}


def _filled(arguments: list[str], executor_input: Json) -> list[str]:
    return [argument.replace("{{$}}", json.dumps(executor_input)) for argument in arguments]


def _take_over(outputs: dict[str, list[Json]], executor_output: Json) -> None:
    # The executor only returns an artifact's metadata; name, uri and type are unchanged.
    for key, those in executor_output.get("artifacts", {}).items():
        for artifact, told in zip(outputs[key], those["artifacts"], strict=True):
            artifact["metadata"] = told.get("metadata", {})


def _query(artifacts: list[Json], conditions: str, inputs: dict[str, list[Json]]) -> list[Json]:
    """Returns the latest artifact that passes a resolver's filter, or none."""
    found = artifacts
    for condition in conditions.split(" AND "):
        if match := re.fullmatch(r'schema_title="(.+)"', condition):
            found = [artifact for artifact in found if f"title: {match[1]}\n" in artifact["type"]["instanceSchema"]]
        elif match := re.fullmatch(r"metadata\.(\w+)\.number_value=(\d+)", condition):
            found = [artifact for artifact in found if artifact["metadata"].get(match[1]) == int(match[2])]
        elif match := re.fullmatch(r"name=\"{{\$\.inputs\.artifacts\['(\w+)'\]\.metadata\['(\w+)'\]}}\"", condition):
            names = [artifact["metadata"][match[2]] for artifact in inputs[match[1]]]
            found = [artifact for artifact in found if artifact["name"] in names]
        else:
            assert condition == "state=LIVE", condition
    return found[-1:]
