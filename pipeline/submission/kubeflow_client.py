"""`kfp.Client` with timeouts."""

import json
import os
import pathlib
from collections.abc import Callable, Mapping
from typing import Any

import kfp
import kfp.client
import kfp_server_api
from kfp.client.set_volume_credentials import ServiceAccountTokenVolumeCredentials

from components.errors import UserError
from pipeline.config.engines import KubeflowConfig
from pipeline.submission.errors import NOT_SUBMITTED, ServiceError, with_retries
from pipeline.submission.kubeflow_answers import COOKIE_FILE, LOG_IN, kubeflow_errors


def connect(engine: KubeflowConfig) -> kfp.Client:
    """Returns a client with the credentials that kfp finds itself, those in KF_PIPELINES_SA_TOKEN_PATH, or a cookie.

    Raises:
        UserError, ServiceError: if there is no such file, or the service cannot be reached.
    """
    options: dict[str, Any] = {"ssl_ca_cert": os.environ.get("REQUESTS_CA_BUNDLE")}
    if cookie_file := os.environ.get(COOKIE_FILE):
        options["cookies"] = _read_text(COOKIE_FILE, cookie_file)
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


def read_workflow(engine: KubeflowConfig, client: kfp.Client, run_id: str) -> Mapping[str, Any]:
    """Returns the Argo workflow of a run, as Kubernetes stores it; an empty one if the service does not give it.

    The API of version 2 gives states only; version 1, which kfp's client no longer has, also gives the workflow, and so
    the messages of its pods.
    """

    def get() -> Any:
        with kubeflow_errors(engine, ""):
            return client.runs.api_client.call_api(
                "/apis/v1beta1/runs/{run_id}",
                "GET",
                path_params={"run_id": run_id},
                header_params={"Accept": "application/json"},
                response_type="object",
                auth_settings=["Bearer"],
                _return_http_data_only=True,
                _request_timeout=engine.request_timeout_s,
            )

    try:
        workflow = json.loads(with_retries(get)["pipeline_runtime"]["workflow_manifest"])
    except (ServiceError, UserError, LookupError, TypeError, ValueError):
        # The reason of a failure is worth asking for, but the failure is what matters.
        return {}
    return workflow if isinstance(workflow, dict) else {}


def _read_text(variable: str, path: str) -> str:
    try:
        return pathlib.Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise UserError(f"{variable}={path}: cannot be read; {LOG_IN}") from error


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
