"""The part that we use of the API of Kubeflow Pipelines, v2beta1, according to its public reference.

https://www.kubeflow.org/docs/components/pipelines/reference/api/kubeflow-pipeline-api-spec/
"""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2
from loopback import Api, Request, Response

NAMESPACE, TOKEN = "forensics", "the-token"
_RUNTIME_CONFIG = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"parameters": {"type": "object"}, "pipeline_root": {"type": "string"}},
}
_COMMON = {
    "display_name": {"type": "string"},
    "description": {"type": "string"},
    "experiment_id": {"type": "string"},
    "pipeline_spec": {"type": "object"},
    "pipeline_version_reference": {"type": "object"},
    "runtime_config": _RUNTIME_CONFIG,
    "service_account": {"type": "string"},
}
RUN = {
    "type": "object",
    "required": ["display_name", "experiment_id", "pipeline_spec", "runtime_config"],
    "additionalProperties": False,
    "properties": _COMMON,
}
RECURRING_RUN = {
    "type": "object",
    "required": [
        "display_name",
        "experiment_id",
        "pipeline_spec",
        "runtime_config",
        "max_concurrency",
        "trigger",
        "mode",
    ],
    "additionalProperties": False,
    "properties": {
        **_COMMON,
        "max_concurrency": {"type": "string", "pattern": r"^([1-9]|10)$"},
        "mode": {"enum": ["ENABLE", "DISABLE"]},
        "no_catchup": {"type": "boolean"},
        "trigger": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "cron_schedule": {
                    "type": "object",
                    "required": ["cron"],
                    "additionalProperties": False,
                    # Its parser requires six fields, and supports no time zone.
                    "properties": {"cron": {"type": "string", "pattern": r"^[^=\s]+( [^=\s]+){5}$"}},
                }
            },
        },
    },
}
EXPERIMENT = {
    "type": "object",
    "required": ["display_name"],
    "additionalProperties": False,
    "properties": {
        "display_name": {"type": "string"},
        "description": {"type": "string"},
        "namespace": {"type": "string"},
    },
}


class KubeflowApi(Api):
    """A deployment, with namespaces if `multi_user` is true."""

    def __init__(self) -> None:
        super().__init__()
        self.multi_user = True
        self.runs: dict[str, Any] = {}
        self.recurring_runs: dict[str, Any] = {}
        self.experiments: dict[str, Any] = {}
        # What successive reads of a run add to it; the last one persists.
        self.progress: list[Mapping[str, Any]] = []

    @property
    def accepted(self) -> list[Any]:
        return [*self.runs.values(), *self.recurring_runs.values()]

    def submits(self, request: Request) -> bool:
        return request.method == "POST" and request.path.endswith(("/runs", "/recurringruns"))

    def error(self, status: int, message: str) -> Response:
        return Response(status, {"error": message, "code": 13, "message": message, "details": []})

    def respond(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return self.error(401, "the request has no valid token")
        collection = request.path.removeprefix("/pipeline/apis/v2beta1/")
        if (request.method, collection) == ("GET", "healthz"):
            return Response(200, {"multi_user": self.multi_user})
        if request.method == "GET" and collection.removeprefix("runs/") in self.runs:
            now = self.progress[0] if self.progress else {"state": "PENDING"}
            self.progress = self.progress[1:] or self.progress
            return Response(200, {**self.runs[collection.removeprefix("runs/")], **now})
        if request.method == "GET" and collection in ("runs", "recurringruns", "experiments"):
            return self._list(request, collection)
        if request.method == "POST" and collection == "experiments":
            return self._create(request, EXPERIMENT, self.experiments, "experiment_id")
        if request.method == "POST" and collection == "runs":
            return self._create(request, RUN, self.runs, "run_id")
        if request.method == "POST" and collection == "recurringruns":
            return self._create(request, RECURRING_RUN, self.recurring_runs, "recurring_run_id")
        return self.error(404, f"{request.method} {request.path} is not there")

    def _list(self, request: Request, collection: str) -> Response:
        (predicate,) = json.loads(request.query["filter"])["predicates"]
        self.expect(set(predicate) == {"operation", "key", "stringValue"}, f"predicate {predicate}")
        self.expect((predicate["operation"], predicate["key"]) == ("EQUALS", "display_name"), f"predicate {predicate}")
        self.expect(request.query.get("namespace") == (NAMESPACE if self.multi_user else None), f"{request.query}")
        held = {"runs": self.runs, "recurringruns": self.recurring_runs, "experiments": self.experiments}[collection]
        named = [it for it in held.values() if it["display_name"] == predicate["stringValue"]]
        # The real service omits an empty list.
        key = {"recurringruns": "recurringRuns"}.get(collection, collection)
        return Response(200, {key: named, "total_size": len(named)} if named else {})

    def _create(self, request: Request, schema: Mapping[str, Any], held: dict[str, Any], key: str) -> Response:
        self.expect_json(request, schema)
        if key == "experiment_id":
            self.expect(request.body.get("namespace") == (NAMESPACE if self.multi_user else None), "the namespace")
        else:
            self.expect(request.body["experiment_id"] in self.experiments, "an experiment that is there")
            try:
                json_format.ParseDict(request.body["pipeline_spec"], pipeline_spec_pb2.PipelineSpec())
            except json_format.ParseError as error:
                self.violations.append(f"pipeline_spec: {error}")
        identifier = str(uuid.uuid4())
        held[identifier] = {**request.body, key: identifier}
        return Response(200, held[identifier])
