"""Submits the pipeline to Vertex AI Pipelines, by Google's client of the `pipelineJobs` and `schedules` API."""

import json
from collections.abc import Callable
from typing import Any

import google.auth
from google.cloud import aiplatform_v1

from components.errors import UserError
from pipeline.config.base import PipelineConfig
from pipeline.config.engines import VertexConfig
from pipeline.submission.errors import NOT_SUBMITTED, run_taken, schedule_taken, unknown_outcome, with_retries
from pipeline.submission.request import Accepted, Submission, job_id, schedule_name
from pipeline.submission.vertex_answers import run_state, service_of, vertex_errors

# PipelineJob and the client of aiplatform_v1 rather than PipelineJob.submit of aiplatform, which first creates the
# bucket if it does not exist, and meanwhile swallows every error, including Ctrl-C.
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_CONSOLE = "https://console.cloud.google.com/vertex-ai/locations"


def prepare_for_vertex(config: PipelineConfig, text: str, given_id: str = "") -> Submission:
    """Prepares the request that submits a compiled PipelineJob, or schedules it.

    Args:
        config: the run.
        text: the result of `compile_for_vertex`.
        given_id: replaces the run's id or the schedule's name, if not empty.

    Raises:
        UserError: if Vertex AI has no such region, or would not accept the id.
    """
    engine = config.vertex
    assert engine is not None, "the pipeline was compiled with it"
    _require_known_region(engine.region)
    parent = f"projects/{engine.project}/locations/{engine.region}"
    collection = f"{service_of(engine).address}/v1/{parent}"
    job = _job_body(engine, text)
    if not engine.schedule:
        name = job_id(config.name, job, given_id)
        return Submission(
            name=name,
            url=f"{collection}/pipelineJobs?pipelineJobId={name}",
            into={},
            body=job,
            path_of_specification=("pipelineSpec",),
            send=lambda: _submit_job(engine, parent, job, name),
        )
    name = schedule_name(config.name, given_id)
    schedule = {
        "displayName": name,
        "cron": engine.schedule,
        "maxConcurrentRunCount": "1",
        "createPipelineJobRequest": {"parent": parent, "pipelineJob": job},
    }
    return Submission(
        name=name,
        url=f"{collection}/schedules",
        into={},
        body=schedule,
        path_of_specification=("createPipelineJobRequest", "pipelineJob", "pipelineSpec"),
        send=lambda: _create_schedule(engine, parent, schedule),
        scheduled=True,
    )


def _job_body(engine: VertexConfig, text: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(text)
    if engine.service_account:
        body["serviceAccount"] = engine.service_account
    if engine.network:
        body["network"] = engine.network
    if engine.encryption_key:
        body["encryptionSpec"] = {"kmsKeyName": engine.encryption_key}
    return body


def _submit_job(engine: VertexConfig, parent: str, body: dict[str, Any], name: str) -> Accepted:
    client = aiplatform_v1.PipelineServiceClient(**_connection(engine))
    url = f"{_CONSOLE}/{engine.region}/pipelines/runs/{name}?project={engine.project}"
    _request(
        engine,
        client.create_pipeline_job,
        unknown_outcome(name),
        run_taken(name, url),
        parent=parent,
        pipeline_job=aiplatform_v1.PipelineJob.from_json(json.dumps(body)),
        pipeline_job_id=name,
    )
    nodes = body["pipelineSpec"]["root"]["dag"]["tasks"]
    return Accepted(
        url,
        lambda: run_state(_request(engine, client.get_pipeline_job, "", name=f"{parent}/pipelineJobs/{name}"), nodes),
    )


def _create_schedule(engine: VertexConfig, parent: str, body: dict[str, Any]) -> Accepted:
    client = aiplatform_v1.ScheduleServiceClient(**_connection(engine))
    name = body["displayName"]
    # The service generates the ids of schedules, so it would accept the same schedule twice.
    listing = {"parent": parent, "filter": f'display_name="{name}"'}
    for found in _request(engine, client.list_schedules, request=listing).schedules:
        raise UserError(schedule_taken("vertex", name, _schedule_url(engine, found)))
    schedule = aiplatform_v1.Schedule.from_json(json.dumps(body))
    created = _request(engine, client.create_schedule, unknown_outcome(name), parent=parent, schedule=schedule)
    return Accepted(_schedule_url(engine, created), read=None)


def _request(
    engine: VertexConfig, method: Callable[..., Any], outcome: str = NOT_SUBMITTED, taken: str = "", **fields: Any
) -> Any:
    def attempt() -> Any:
        with vertex_errors(engine, outcome, taken):
            return method(**fields, timeout=engine.request_timeout_s)

    return with_retries(attempt)


def _schedule_url(engine: VertexConfig, schedule: aiplatform_v1.Schedule) -> str:
    number = schedule.name.rpartition("/")[-1]
    return f"{_CONSOLE}/{engine.region}/pipelines/schedules/{number}?project={engine.project}"


def _connection(engine: VertexConfig) -> dict[str, Any]:
    with vertex_errors(engine, NOT_SUBMITTED):
        credentials, _ = google.auth.default(scopes=[_SCOPE])
    endpoint = service_of(engine).address.removeprefix("https://")
    return {"credentials": credentials, "transport": "rest", "client_options": {"api_endpoint": endpoint}}


def _require_known_region(region: str) -> None:
    # Imported late: its package takes seconds more than that of the client.
    from google.cloud.aiplatform import utils

    try:
        utils.validate_region(region)
    except ValueError as error:
        raise UserError(
            f"vertex.region={region}: Vertex AI has no such region; allowed are europe-west4, us-central1 and "
            "the others of https://cloud.google.com/vertex-ai/docs/general/locations"
        ) from error
