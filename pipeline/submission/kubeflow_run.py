"""Interprets a run of Kubeflow Pipelines: the states of its nodes, and why one failed."""

import datetime
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import kfp_server_api

from pipeline.submission.errors import ServiceError, one_line
from pipeline.submission.progress import RUNNING, WAITING, NodeState, RunState, elapsed

# The task that looks up a node's inputs and the cache is named NODE-driver.
_DRIVER: Final = "-driver"
_UNSPECIFIED: Final = "RUNTIME_STATE_UNSPECIFIED"
_NODE_STATES: Final = {
    _UNSPECIFIED: WAITING,
    "PENDING": WAITING,
    "SUCCEEDED": "done",
    "CACHED": "cached",
    "SKIPPED": "skipped",
    "CANCELED": "cancelled",
    "FAILED": "failed",
}
_RUN_STATES: Final = {"SUCCEEDED": "done", "SKIPPED": "done", "CANCELED": "cancelled", "FAILED": "failed"}
_UNFINISHED: Final = (None, _UNSPECIFIED, "PENDING", "RUNNING", "CANCELING", "PAUSED")
# Phases of Argo's nodes.
_FAILED_PHASES: Final = ("Failed", "Error")


def run_state(run: kfp_server_api.V2beta1Run, nodes: Collection[str]) -> RunState:
    """Returns the state of a run.

    Args:
        run: the service's answer.
        nodes: ids of the pipeline's nodes. Of the other tasks, which the service adds, only the nodes' drivers matter,
            and only if they fail: their nodes then never start.

    Raises:
        ServiceError: if the service cannot read its own record of the run.
    """
    if run.error and run.state in (None, _UNSPECIFIED):
        raise ServiceError(f"Kubeflow Pipelines cannot read the run ({_reason(run)})")
    tasks = (run.run_details and run.run_details.task_details) or ()
    states = {task.display_name: _node_state(task, task.display_name) for task in tasks if task.display_name in nodes}
    for task in tasks:
        name = task.display_name or ""
        node = name.removesuffix(_DRIVER)
        if node != name and node in nodes and task.state == "FAILED":
            states[node] = _node_state(task, node)
    # A state that is not known yet has ended the run if the run has an end.
    ended = run.state not in _UNFINISHED and _moment(run.finished_at) is not None
    state = _RUN_STATES.get(run.state) or (run.state.lower() if ended else RUNNING)
    return RunState(state, list(states.values()), _reason(run))


def failure_reasons(workflow: Mapping[str, Any], nodes: Collection[str]) -> dict[str, str]:
    """Returns for each failed node the message of its pod, and the command that shows the pod's log.

    Args:
        workflow: the run's Argo workflow, as Kubernetes stores it; anything may be missing.
        nodes: ids of the pipeline's nodes.
    """
    reasons = {}
    for node in nodes:
        pods = sorted(_failed_pods(workflow, node), key=lambda pod: str(pod.get("finishedAt")))
        if pods:
            driver = "its driver" if pods[-1].get("displayName") == f"{node}{_DRIVER}" else ""
            message = one_line(pods[-1]["message"]) if pods[-1].get("message") else ""
            cause = ": ".join(filter(None, [driver, message]))
            reasons[node] = "; ".join(filter(None, [cause, f"type {_log_command(workflow, pods[-1])}"]))
    return reasons


def _node_state(task: kfp_server_api.V2beta1PipelineTaskDetail, node: str) -> NodeState:
    seconds = elapsed(_moment(task.start_time), _moment(task.end_time))
    return NodeState(node, _NODE_STATES.get(task.state, RUNNING), seconds, _reason(task))


def _moment(time: datetime.datetime | None) -> datetime.datetime | None:
    # The service dates what has not happened yet to 1970 or to the year 1.
    return time if time and time.timestamp() > 0 else None


def _reason(part: Any) -> str:
    # As of version 2.17, only records that the service cannot read have an error.
    errors = [part.error, *(status.error for status in reversed(part.state_history or ()))]
    return next((one_line(error.message) for error in errors if error and error.message), "")


def _failed_pods(workflow: Mapping[str, Any], node: str) -> Iterator[Mapping[str, Any]]:
    known = (workflow.get("status") or {}).get("nodes") or {}
    for each in known.values():
        # WORKFLOW.root.NODE-driver or WORKFLOW.root.NODE.executor, with the number of the attempt in parentheses.
        path = str(each.get("name")).split(".")[1:]
        of_node = path == ["root", f"{node}{_DRIVER}"] or path[:2] == ["root", node]
        if of_node and each.get("type") == "Pod" and each.get("phase") in _FAILED_PHASES:
            yield each


def _log_command(workflow: Mapping[str, Any], pod: Mapping[str, Any]) -> str:
    metadata = workflow.get("metadata") or {}
    name = identifier = str(pod.get("id"))
    if (metadata.get("annotations") or {}).get("workflows.argoproj.io/pod-name-format") != "v1":
        # Argo names a pod by its workflow, its template and the hash at the end of its id.
        name = f"{metadata.get('name')}-{pod.get('templateName')}-{identifier.rpartition('-')[-1]}"
    return f"kubectl --namespace {metadata.get('namespace')} logs {name} --container main"
