"""Interprets the answers of Vertex AI: the state of a run, or a one-line error."""

import contextlib
import re
from collections.abc import Collection, Iterator

import google.auth.exceptions
import requests
from google.api_core import exceptions as google_exceptions
from google.cloud import aiplatform_v1
from google.protobuf import json_format

from components.errors import UserError
from pipeline.config.engines import VertexConfig
from pipeline.submission.connection import connection_error
from pipeline.submission.errors import Service, one_line, refusal
from pipeline.submission.progress import NodeState, RunState, elapsed

LOG_IN = "type gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS to the file of a key"
_NODE_STATES = {
    "STATE_UNSPECIFIED": "waiting",
    "PENDING": "waiting",
    "SUCCEEDED": "done",
    "SKIPPED": "cached",
    "NOT_TRIGGERED": "skipped",
    "CANCELLED": "cancelled",
    "FAILED": "failed",
}
_RUN_STATES = {
    "PIPELINE_STATE_SUCCEEDED": "done",
    "PIPELINE_STATE_CANCELLED": "cancelled",
    "PIPELINE_STATE_FAILED": "failed",
}


def service_of(engine: VertexConfig) -> Service:
    """Returns the service that a config's section names."""
    if engine.endpoint:
        return Service("Vertex AI", f"https://{engine.endpoint}", f"vertex.endpoint={engine.endpoint}", LOG_IN)
    host = f"{engine.region}-aiplatform.googleapis.com"
    return Service("Vertex AI", f"https://{host}", f"vertex.region={engine.region}", LOG_IN)


def run_state(job: aiplatform_v1.PipelineJob, nodes: Collection[str]) -> RunState:
    """Returns the state of a run.

    Args:
        job: the service's answer.
        nodes: ids of the pipeline's nodes; other tasks, which the service adds, are ignored.
    """
    states = [
        NodeState(
            task.task_name,
            _NODE_STATES.get(task.state.name, "running"),
            elapsed(task.start_time, task.end_time),
            one_line(task.error.message) if task.error.message else "",
        )
        for task in job.job_detail.task_details
        if task.task_name in nodes
    ]
    reason = one_line(job.error.message) if job.error.message else ""
    return RunState(_RUN_STATES.get(job.state.name, "running"), states, reason)


@contextlib.contextmanager
def vertex_errors(engine: VertexConfig, outcome: str, taken: str = "") -> Iterator[None]:
    """Converts the errors of Google's libraries to those that the command line shows.

    Args:
        engine: the section of the config.
        outcome: what is known about the pipeline, and what to do, if there is no answer.
        taken: the message if the id is taken.

    Raises:
        UserError, ServiceError: with a one-line message.
    """
    service = service_of(engine)
    try:
        yield
    except google_exceptions.GoogleAPICallError as error:
        status, message = int(error.code or 500), _message(error)
        if status == 409 and taken:
            raise UserError(taken) from error
        if status == 403:
            missing = _missing_right(engine, message)
            raise UserError(f"vertex.project={engine.project}: not allowed (403): {missing}") from error
        if status == 404:
            raise UserError(
                f"{service.setting}: {service.address} has no project {engine.project} in {engine.region} (404); "
                "correct vertex.project or vertex.region"
            ) from error
        raise refusal(service, status, message, outcome) from error
    except google.auth.exceptions.DefaultCredentialsError as error:
        reason = one_line(str(error).partition(". ")[0].rstrip("."))
        raise UserError(f"vertex.project={engine.project}: no Google credentials ({reason}); {LOG_IN}") from error
    except google.auth.exceptions.GoogleAuthError as error:
        reason = one_line(str(error.args[0] if error.args else error))
        raise UserError(f"vertex.project={engine.project}: no access token to be had ({reason}); {LOG_IN}") from error
    except requests.exceptions.RequestException as error:
        raise connection_error(error, service, outcome) from error
    except json_format.ParseError as error:
        raise UserError(f"{service.setting}: it answers, but not as Vertex AI; correct it") from error


def _message(error: google_exceptions.GoogleAPICallError) -> str:
    # The message is prefixed with the method and the address.
    return error.message.partition(": ")[2] or error.message


def _missing_right(engine: VertexConfig, message: str) -> str:
    if "actAs" in message or "act as service" in message:
        account = engine.service_account or "the project's default service account"
        return f"iam.serviceAccounts.actAs on {account} is missing; grant yourself roles/iam.serviceAccountUser on it"
    if "disabled" in message or "has not been used" in message:
        return f"its API is off; type gcloud services enable aiplatform.googleapis.com --project {engine.project}"
    permission = re.search(r"aiplatform\.\w+\.\w+", message)
    missing = f"{permission.group()} is missing" if permission else one_line(message)
    grant = f"gcloud projects add-iam-policy-binding {engine.project} --member=user:YOU --role=roles/aiplatform.user"
    return f"{missing}; its owner can type {grant}"
