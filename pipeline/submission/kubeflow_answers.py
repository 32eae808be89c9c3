"""Interprets the answers of Kubeflow Pipelines: the state of a run, or a one-line error."""

import contextlib
import json
from collections.abc import Collection, Iterator
from typing import Any

import kfp_server_api
import urllib3.exceptions

from components.errors import UserError
from pipeline.config.engines import KubeflowConfig
from pipeline.submission.connection import connection_error
from pipeline.submission.errors import Service, one_line, refusal
from pipeline.submission.progress import NodeState, RunState, elapsed

LOG_IN = (
    "put a token into a file and set KF_PIPELINES_SA_TOKEN_PATH to it, or, behind Google's proxy, set "
    "KF_PIPELINES_IAP_OAUTH2_CLIENT_ID"
)
_NODE_STATES = {
    "RUNTIME_STATE_UNSPECIFIED": "waiting",
    "PENDING": "waiting",
    "SUCCEEDED": "done",
    "CACHED": "cached",
    "SKIPPED": "skipped",
    "CANCELED": "cancelled",
    "FAILED": "failed",
}
_RUN_STATES = {"SUCCEEDED": "done", "SKIPPED": "done", "CANCELED": "cancelled", "FAILED": "failed"}


def service_of(engine: KubeflowConfig) -> Service:
    """Returns the service that a config's section names."""
    return Service("Kubeflow Pipelines", engine.host, f"kubeflow.host={engine.host}", LOG_IN)


def run_state(run: kfp_server_api.V2beta1Run, nodes: Collection[str]) -> RunState:
    """Returns the state of a run.

    Args:
        run: the service's answer.
        nodes: ids of the pipeline's nodes; other tasks, which the service adds, are ignored.
    """
    tasks = (run.run_details and run.run_details.task_details) or ()
    states = [
        NodeState(
            task.display_name,
            _NODE_STATES.get(task.state, "running"),
            elapsed(task.start_time, task.end_time),
            _reason(task.error),
        )
        for task in tasks
        if task.display_name in nodes
    ]
    return RunState(_RUN_STATES.get(run.state, "running"), states, _reason(run.error))


def require_id(engine: KubeflowConfig, identifier: str | None) -> str:
    """Returns the id of what the service created.

    Raises:
        UserError: if there is none, as in a login page, to which requests without a session are redirected.
    """
    if not identifier:
        raise UserError(
            f"kubeflow.host={engine.host}: it answers, but not as Kubeflow Pipelines; a page for logging in? {LOG_IN}"
        )
    return identifier


@contextlib.contextmanager
def kubeflow_errors(engine: KubeflowConfig, outcome: str) -> Iterator[None]:
    """Converts the errors of kfp's libraries to those that the command line shows.

    Args:
        engine: the section of the config.
        outcome: what is known about the pipeline, and what to do, if there is no answer.

    Raises:
        UserError, ServiceError: with a one-line message.
    """
    service = service_of(engine)
    try:
        yield
    except kfp_server_api.ApiException as error:
        if not error.status:
            raise connection_error(error, service, outcome) from error
        message = _message(error)
        if error.status == 403:
            raise UserError(
                f"kubeflow.namespace={engine.namespace}: not allowed (403): {message}; its owner must give you "
                "the role kubeflow-edit there"
            ) from error
        if error.status == 409:
            raise UserError(
                f"{service.setting}: the name is taken (409): {message}; look at it there, or add --job-id NAME"
            ) from error
        if error.status == 404:
            raise UserError(
                f"{service.setting}: no Kubeflow Pipelines of version 2 there (404); most have it below /pipeline"
            ) from error
        raise refusal(service, error.status, message, outcome) from error
    except urllib3.exceptions.HTTPError as error:
        raise connection_error(error, service, outcome) from error


def _message(error: kfp_server_api.ApiException) -> str:
    try:
        answer = json.loads(error.body)
        return one_line(answer.get("message") or answer.get("error") or error.body)
    except (TypeError, ValueError, AttributeError):
        return one_line(error.body or error.reason or "")


def _reason(error: Any) -> str:
    # GooglerpcStatus, or GoogleRpcStatus from kfp-server-api 2.1 on.
    return one_line(error.message) if error and error.message else ""
