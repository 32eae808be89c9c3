"""`kfp.Client` with timeouts."""

import os
from collections.abc import Callable
from typing import Any

import kfp
import kfp.client
import kfp_server_api
from kfp.client.set_volume_credentials import ServiceAccountTokenVolumeCredentials

from components.errors import UserError
from pipeline.config.engines import KubeflowConfig
from pipeline.submission.errors import NOT_SUBMITTED, with_retries
from pipeline.submission.kubeflow_answers import LOG_IN, kubeflow_errors


def connect(engine: KubeflowConfig) -> kfp.Client:
    """Returns a client with the credentials that kfp finds itself, or those in KF_PIPELINES_SA_TOKEN_PATH.

    Raises:
        UserError, ServiceError: if there is no such file, or the service cannot be reached.
    """
    options: dict[str, Any] = {"ssl_ca_cert": os.environ.get("REQUESTS_CA_BUNDLE")}
    token_file = os.environ.get(kfp.client.KF_PIPELINES_SA_TOKEN_ENV, kfp.client.KF_PIPELINES_SA_TOKEN_PATH)
    if os.path.exists(token_file):
        options["credentials"] = ServiceAccountTokenVolumeCredentials(token_file)
    elif kfp.client.KF_PIPELINES_SA_TOKEN_ENV in os.environ:
        raise UserError(f"{kfp.client.KF_PIPELINES_SA_TOKEN_ENV}={token_file}: there is no such file; {LOG_IN}")
    with kubeflow_errors(engine, NOT_SUBMITTED):
        return _Client(engine, **options)


def request(
    engine: KubeflowConfig,
    client: kfp.Client,
    collection: str,
    name: str,
    *arguments: Any,
    outcome: str = NOT_SUBMITTED,
    **options: Any,
) -> Any:
    """Makes a request, retrying while the service is busy.

    Args:
        engine: the section of the config.
        client: as returned by `connect`.
        collection: runs, recurring_runs or experiments.
        name: name of the method, such as create_run.
        arguments: positional arguments of the method.
        outcome: what is known about the pipeline, and what to do, if there is no answer.
        options: keyword arguments of the method.

    Raises:
        UserError, ServiceError: with a one-line message.
    """
    # The client's own methods wait forever for an answer; those of its collections accept a timeout.
    method = _method(client, collection, name)

    def attempt() -> Any:
        with kubeflow_errors(engine, outcome):
            return method(*arguments, **options, _request_timeout=engine.request_timeout_s)

    return with_retries(attempt)


class _Client(kfp.Client):
    # The constructor polls the service's health five times without a timeout.

    def __init__(self, engine: KubeflowConfig, **options: Any) -> None:
        self._timeout_s = engine.request_timeout_s
        super().__init__(host=engine.host, namespace=engine.namespace or "kubeflow", **options)

    def get_kfp_healthz(self, sleep_duration: int = 5) -> kfp_server_api.V2beta1GetHealthzResponse:
        return _method(self, "healthzs", "get_healthz")(_request_timeout=self._timeout_s)


def _method(client: kfp.Client, collection: str, name: str) -> Callable[..., Any]:
    methods = getattr(client, collection)
    # From kfp-server-api 2.1 on, the service's name comes first: run_service_create_run.
    prefixed = getattr(methods, f"{collection.removesuffix('s')}_service_{name}", None)
    return prefixed or getattr(methods, name)
