"""The part that we use of the API of Kubeflow Pipelines, as of version 2.17.0.

What is accepted follows the public reference and the server's code; each rule names its file below
`backend/src/apiserver` at the tag 2.17.0.
https://www.kubeflow.org/docs/components/pipelines/reference/api/kubeflow-pipeline-api-spec/
"""

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2
from kubeflow_requests import EXPERIMENT, RECURRING_RUN, RUN
from loopback import Api, Request, Response

NAMESPACE, TOKEN, COOKIE = "forensics", "the-token", "authservice_session=the-session"
# gRPC's codes of HTTP statuses.
_CODES = {400: 3, 401: 16, 403: 7, 404: 5, 409: 6, 429: 8, 500: 13, 503: 14}


class RefusedError(Exception):
    """A request that the server refuses with an error of its own."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


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
        # The Argo workflow of each run, which only version 1 of the API returns.
        self.workflow: Mapping[str, Any] | None = None

    @property
    def accepted(self) -> list[Any]:
        return [*self.runs.values(), *self.recurring_runs.values()]

    def submits(self, request: Request) -> bool:
        return request.method == "POST" and request.path.endswith(("/runs", "/recurringruns"))

    def error(self, status: int, message: str, told: str = "", code: int | None = None) -> Response:
        """The body that grpc-gateway 2 makes of the server's error (src/common/util/error.go: GRPCStatus)."""
        code = _CODES.get(status, 13) if code is None else code
        told = told or ("Internal Server Error" if code == 13 else message)
        detail = {"@type": "type.googleapis.com/google.rpc.Status", "code": code, "message": told}
        return Response(status, {"code": code, "message": message, "details": [detail]})

    def respond(self, request: Request) -> Response:
        signed_in = request.headers.get("authorization") == f"Bearer {TOKEN}"
        if not signed_in and request.headers.get("cookie") != COOKIE:
            # resource/resource_manager.go: IsAuthorized
            told = "Failed to check authorization. User identity is empty in the request header"
            reason = "Request header error: there is no user identity header."
            return self.error(401, f"Failed to authorize with API: Unauthenticated: {told}: [{reason}]", told)
        path = request.path.removeprefix("/pipeline/apis/")
        version, _, collection = path.partition("/")
        _, _, identifier = collection.partition("/")
        try:
            if (request.method, path) == ("GET", f"v1beta1/runs/{identifier}") and identifier in self.runs:
                return self._workflow(identifier)
            if version != "v2beta1":
                return self.error(404, "Not Found")
            if (request.method, collection) == ("GET", "healthz"):
                return Response(200, {"multi_user": self.multi_user})
            if (request.method, collection) == ("GET", f"runs/{identifier}") and identifier in self.runs:
                now = self.progress[0] if self.progress else {"state": "PENDING"}
                self.progress = self.progress[1:] or self.progress
                return Response(200, {**self.runs[identifier], **now})
            if request.method == "GET" and collection in ("runs", "recurringruns", "experiments"):
                return self._list(request, collection)
            if request.method == "POST" and collection == "experiments":
                return self._create(request, EXPERIMENT, self.experiments, "experiment_id")
            if request.method == "POST" and collection == "runs":
                return self._create(request, RUN, self.runs, "run_id")
            if request.method == "POST" and collection == "recurringruns":
                return self._create(request, RECURRING_RUN, self.recurring_runs, "recurring_run_id")
        except RefusedError as refused:
            return self.error(refused.status, f"Failed to create: Invalid input error: {refused}", str(refused))
        return self.error(404, f"{request.method} {request.path} is not there")

    def _workflow(self, identifier: str) -> Response:
        # server/api_converter.go: toApiRunDetailV1
        if self.workflow is None:
            return self.error(404, "Not Found")
        runtime = {"pipeline_manifest": "{}", "workflow_manifest": json.dumps(self.workflow)}
        return Response(200, {"run": {"id": identifier}, "pipeline_runtime": runtime})

    def _list(self, request: Request, collection: str) -> Response:
        (predicate,) = json.loads(request.query["filter"])["predicates"]
        self.expect(set(predicate) == {"operation", "key", "stringValue"}, f"predicate {predicate}")
        self.expect((predicate["operation"], predicate["key"]) == ("EQUALS", "display_name"), f"predicate {predicate}")
        what = "An experiment" if collection == "experiments" else "A run"
        self._require_namespace(request.query.get("namespace"), what)
        held = {"runs": self.runs, "recurringruns": self.recurring_runs, "experiments": self.experiments}[collection]
        named = [it for it in held.values() if it["display_name"] == predicate["stringValue"]]
        # The real service omits an empty list.
        key = {"recurringruns": "recurringRuns"}.get(collection, collection)
        return Response(200, {key: named, "total_size": len(named)} if named else {})

    def _create(self, request: Request, schema: Mapping[str, Any], held: dict[str, Any], key: str) -> Response:
        self.expect_json(request, schema)
        if key == "experiment_id":
            self._require_namespace(request.body.get("namespace"), "An experiment")
        else:
            self.expect(request.body["experiment_id"] in self.experiments, "an experiment that is there")
            self._require_specification(request.body["pipeline_spec"], request.body["runtime_config"])
        identifier = str(uuid.uuid4())
        held[identifier] = {**request.body, key: identifier}
        return Response(200, held[identifier])

    def _require_namespace(self, namespace: str | None, what: str) -> None:
        # server/run_server.go: canAccessRun, server/experiment_server.go: canAccessExperiment
        if self.multi_user and not namespace:
            raise RefusedError(400, f"{what} cannot have an empty namespace in multi-user mode")
        self.expect(namespace == (NAMESPACE if self.multi_user else None), f"namespace {namespace}")

    def _require_specification(self, specification: Mapping[str, Any], config: Mapping[str, Any]) -> None:
        # template/v2_template.go: NewV2SpecTemplate, validatePipelineJobInputs
        try:
            parsed = json_format.ParseDict(specification, pipeline_spec_pb2.PipelineSpec())
        except json_format.ParseError as error:
            raise RefusedError(400, f"invalid v2 pipeline spec: {error}") from error
        if parsed.schema_version != "2.1.0":
            raise RefusedError(400, "KFP only supports schema version 2.1.0")
        name = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
        self.expect(re.fullmatch(name, parsed.pipeline_info.name) is not None, f"name {parsed.pipeline_info.name}")
        known = parsed.root.input_definitions.parameters
        if unknown := sorted(set(config.get("parameters", ())) - set(known)):
            raise RefusedError(400, f"parameter(s) provided are not required by pipeline: {', '.join(unknown)}")
        for parameter, definition in known.items():
            value = config.get("parameters", {}).get(parameter)
            if value is None and not (definition.is_optional or definition.HasField("default_value")):
                raise RefusedError(400, f"parameter {parameter} is not optional, yet has neither default nor input")
            kind = pipeline_spec_pb2.ParameterType.ParameterTypeEnum.Name(definition.parameter_type)
            if value is not None and isinstance(value, str) != (kind == "STRING"):
                raise RefusedError(400, f"input parameter {parameter} requires type {kind}")
