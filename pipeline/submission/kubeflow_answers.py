"""Converts the errors of Kubeflow Pipelines, and of proxies in front of it, to one line."""

import contextlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import kfp_server_api
import urllib3.exceptions

from components.errors import UserError
from pipeline.config.engines import KubeflowConfig
from pipeline.submission.connection import connection_error
from pipeline.submission.errors import Service, one_line, refusal

COOKIE_FILE = "DEEPFAKE_KUBEFLOW_COOKIE_PATH"
"""Environment variable that names a file with the cookie of a browser's session."""

LOG_IN = (
    f"put a token into a file and set KF_PIPELINES_SA_TOKEN_PATH to it, or a session's cookie and set {COOKIE_FILE}, "
    "or, behind Google's proxy, set KF_PIPELINES_IAP_OAUTH2_CLIENT_ID"
)
# Tells the caller nothing; the log's message, which is sent along, does.
_UNTOLD = "Internal Server Error"
# Of a request that is wrong, though its HTTP status is that of a name that is taken.
_ABORTED = 10


def service_of(engine: KubeflowConfig) -> Service:
    """Returns the service that a config's section names."""
    return Service("Kubeflow Pipelines", engine.host, f"kubeflow.host={engine.host}", LOG_IN)


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
        answer = _answer(error)
        message = _message(error, answer)
        if error.status == 403 and not answer:
            raise UserError(
                f"{service.setting}: a proxy in front of {service.name} does not let you in (403): {message}; {LOG_IN}"
            ) from error
        if error.status == 400 and not engine.namespace and "namespace" in message:
            raise UserError(
                f"kubeflow.namespace is required: this Kubeflow has several users (400): {message}; type --set "
                "kubeflow.namespace=NAME, that of your profile"
            ) from error
        if error.status == 403:
            raise UserError(
                f"kubeflow.namespace={engine.namespace}: not allowed (403): {message}; its owner must give you "
                "the role kubeflow-edit there"
            ) from error
        if error.status == 409 and answer.get("code") != _ABORTED:
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


def _answer(error: kfp_server_api.ApiException) -> dict[str, Any]:
    """Returns what the service itself answers; nothing of an answer by a proxy."""
    try:
        answer = json.loads(error.body)
    except (TypeError, ValueError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _message(error: kfp_server_api.ApiException, answer: Mapping[str, Any]) -> str:
    details = answer.get("details")
    for detail in details if isinstance(details, list) else ():
        told = detail.get("message") if isinstance(detail, dict) else None
        if told and told != _UNTOLD:
            return one_line(str(told))
    # The cause comes last, after all that the service was doing.
    message = answer.get("message") or answer.get("error") or error.body or error.reason or ""
    return one_line(str(message), keep_end=True)
