"""Submits the pipeline to Kubeflow Pipelines."""

import dataclasses
import json
from collections.abc import Collection
from typing import Any

import kfp
import kfp_server_api
import yaml

from components.errors import UserError
from pipeline.config.base import PipelineConfig
from pipeline.config.engines import KubeflowConfig
from pipeline.submission.errors import run_taken, schedule_taken, unknown_outcome
from pipeline.submission.kubeflow_answers import require_id
from pipeline.submission.kubeflow_client import connect, read_workflow, request
from pipeline.submission.kubeflow_run import failure_reasons, run_state
from pipeline.submission.progress import FAILED, RunState
from pipeline.submission.request import Accepted, Submission, job_id, schedule_name


def prepare_for_kubeflow(config: PipelineConfig, text: str, given_id: str = "") -> Submission:
    """Prepares the request that runs a compiled pipeline, or schedules it.

    Args:
        config: the run.
        text: the result of `compile_for_kubeflow`.
        given_id: replaces the name of the run or schedule, if not empty.

    Raises:
        UserError: if Kubeflow Pipelines would not accept the name.
    """
    engine = config.kubeflow
    assert engine is not None, "the pipeline was compiled with it"
    collection = f"{engine.host.rstrip('/')}/apis/v2beta1"
    body = _run_body(engine, config.artifacts_dir, text)
    if not engine.schedule:
        name = job_id(config.name, body, given_id)
        run = {"display_name": name, **body}
        return Submission(
            name=name,
            url=f"{collection}/runs",
            into={"experiment": engine.experiment, "namespace": engine.namespace},
            body=run,
            path_of_specification=("pipeline_spec",),
            send=lambda: _create_run(engine, run),
        )
    name = schedule_name(config.name, given_id)
    schedule = {
        "display_name": name,
        "trigger": {"cron_schedule": {"cron": six_fields(engine.schedule)}},
        "mode": kfp_server_api.RecurringRunMode.ENABLE,
        "max_concurrency": "1",
        # After a pause, start one run rather than one for each time missed.
        "no_catchup": True,
        **body,
    }
    return Submission(
        name=name,
        url=f"{collection}/recurringruns",
        into={"experiment": engine.experiment, "namespace": engine.namespace},
        body=schedule,
        path_of_specification=("pipeline_spec",),
        send=lambda: _create_schedule(engine, schedule),
        scheduled=True,
    )


def six_fields(cron: str) -> str:
    """Returns a five-field cron expression in the format of Kubeflow Pipelines, seconds first."""
    return f"0 {' '.join(cron.split())}"


def _run_body(engine: KubeflowConfig, pipeline_root: str, text: str) -> dict[str, Any]:
    specification = yaml.safe_load(text)
    parameters = specification["root"]["inputDefinitions"]["parameters"]
    body = {
        "pipeline_spec": specification,
        "runtime_config": {
            "pipeline_root": pipeline_root,
            "parameters": {name: parameter["defaultValue"] for name, parameter in parameters.items()},
        },
    }
    if engine.service_account:
        body["service_account"] = engine.service_account
    if engine.labels:
        # Kubeflow Pipelines has no labels for runs.
        body["description"] = ", ".join(f"{key}={value}" for key, value in sorted(engine.labels.items()))
    return body


def _create_run(engine: KubeflowConfig, body: dict[str, Any]) -> Accepted:
    client, name = connect(engine), body["display_name"]
    # Kubeflow Pipelines accepts any number of runs with the same name.
    for found in request(engine, client, "runs", "list_runs", **_named(client, name)).runs or ():
        raise UserError(run_taken(name, _page(engine, "runs", found.run_id)))
    run = kfp_server_api.V2beta1Run(experiment_id=_experiment_id(engine, client), **body)
    created = request(engine, client, "runs", "create_run", run, outcome=unknown_outcome(name))
    run_id = require_id(engine, created.run_id)
    nodes = body["pipeline_spec"]["root"]["dag"]["tasks"]
    return Accepted(_page(engine, "runs", run_id), lambda: _read_run(engine, client, run_id, nodes))


def _read_run(engine: KubeflowConfig, client: kfp.Client, run_id: str, nodes: Collection[str]) -> RunState:
    run = run_state(request(engine, client, "runs", "get_run", run_id, outcome=""), nodes)
    if run.state != FAILED:
        return run
    reasons = failure_reasons(read_workflow(engine, client, run_id), nodes)
    explained = [
        dataclasses.replace(node, reason="; ".join(filter(None, [node.reason, reasons.get(node.node)])))
        if node.state == FAILED
        else node
        for node in run.nodes
    ]
    return dataclasses.replace(run, nodes=explained)


def _create_schedule(engine: KubeflowConfig, body: dict[str, Any]) -> Accepted:
    client, name = connect(engine), body["display_name"]
    listed = request(engine, client, "recurring_runs", "list_recurring_runs", **_named(client, name))
    for found in listed.recurring_runs or ():
        raise UserError(schedule_taken("kubeflow", name, _page(engine, "recurringrun", found.recurring_run_id)))
    schedule = kfp_server_api.V2beta1RecurringRun(experiment_id=_experiment_id(engine, client), **body)
    created = request(engine, client, "recurring_runs", "create_recurring_run", schedule, outcome=unknown_outcome(name))
    return Accepted(_page(engine, "recurringrun", require_id(engine, created.recurring_run_id)), read=None)


def _experiment_id(engine: KubeflowConfig, client: kfp.Client) -> str:
    listed = request(engine, client, "experiments", "list_experiments", **_named(client, engine.experiment))
    for found in listed.experiments or ():
        return require_id(engine, found.experiment_id)
    experiment = kfp_server_api.V2beta1Experiment(
        display_name=engine.experiment, namespace=client.get_user_namespace() or None
    )
    created = request(engine, client, "experiments", "create_experiment", experiment)
    return require_id(engine, created.experiment_id)


def _named(client: kfp.Client, name: str) -> dict[str, str]:
    predicate = {"operation": "EQUALS", "key": "display_name", "stringValue": name}
    listing = {"filter": json.dumps({"predicates": [predicate]})}
    namespace = client.get_user_namespace()
    return {**listing, "namespace": namespace} if namespace else listing


def _page(engine: KubeflowConfig, kind: str, identifier: str) -> str:
    return f"{engine.host.rstrip('/')}/#/{kind}/details/{identifier}"
