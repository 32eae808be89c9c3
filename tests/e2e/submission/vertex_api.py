"""The part that we use of Vertex AI's `pipelineJobs` and `schedules`, v1, according to the public reference.

https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.pipelineJobs
https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.schedules
"""

import re
from collections.abc import Mapping
from typing import Any

import google.auth.jwt
from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2
from loopback import Api, Request, Response

PARENT = "projects/test-project/locations/europe-west4"
_LABELS = {
    "type": "object",
    "propertyNames": {"pattern": r"^[a-z][a-z0-9_-]{0,62}$"},
    "additionalProperties": {"type": "string", "pattern": r"^[a-z0-9_-]{0,63}$"},
}
JOB = {
    "type": "object",
    "required": ["pipelineSpec", "runtimeConfig"],
    "additionalProperties": False,
    "properties": {
        "displayName": {"type": "string", "maxLength": 128},
        "pipelineSpec": {"type": "object"},
        "labels": _LABELS,
        "runtimeConfig": {
            "type": "object",
            "required": ["gcsOutputDirectory"],
            "additionalProperties": False,
            "properties": {
                "gcsOutputDirectory": {"type": "string", "pattern": "^gs://"},
                "parameterValues": {"type": "object"},
                "failurePolicy": {"type": "string"},
                "inputArtifacts": {"type": "object"},
            },
        },
        "encryptionSpec": {
            "type": "object",
            "required": ["kmsKeyName"],
            "additionalProperties": False,
            "properties": {"kmsKeyName": {"type": "string"}},
        },
        "serviceAccount": {"type": "string", "pattern": "@"},
        "network": {"type": "string", "pattern": r"^projects/[^/]+/global/networks/[^/]+$"},
        "reservedIpRanges": {"type": "array", "items": {"type": "string"}},
        "templateUri": {"type": "string"},
        "preflightValidations": {"type": "boolean"},
    },
}
SCHEDULE = {
    "type": "object",
    "required": ["displayName", "maxConcurrentRunCount", "cron", "createPipelineJobRequest"],
    "additionalProperties": False,
    "properties": {
        "displayName": {"type": "string", "maxLength": 128},
        "startTime": {"type": "string"},
        "endTime": {"type": "string"},
        "maxRunCount": {"type": "string"},
        "maxConcurrentRunCount": {"type": "string", "pattern": r"^[1-9]\d*$"},
        "allowQueueing": {"type": "boolean"},
        "cron": {"type": "string", "pattern": r"^((CRON_)?TZ=\S+ )?\S+( \S+){4}$"},
        "createPipelineJobRequest": {
            "type": "object",
            "required": ["parent", "pipelineJob"],
            "additionalProperties": False,
            "properties": {"parent": {"const": PARENT}, "pipelineJob": JOB, "pipelineJobId": {"type": "string"}},
        },
    },
}
_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
}


class VertexApi(Api):
    """One project in one region.

    Args:
        certificates: certificates of permitted callers by id.
    """

    def __init__(self, certificates: Mapping[str, str]) -> None:
        super().__init__()
        self.certificates = certificates
        self.jobs: dict[str, Any] = {}
        self.schedules: dict[str, Any] = {}
        # What successive reads of a run add to it; the last one persists.
        self.progress: list[Mapping[str, Any]] = []

    @property
    def accepted(self) -> list[Any]:
        return [*self.jobs.values(), *self.schedules.values()]

    def error(self, status: int, message: str) -> Response:
        name = _NAMES.get(status, "INTERNAL")
        return Response(status, {"error": {"code": status, "message": message, "status": name}})

    def respond(self, request: Request) -> Response:
        self._expect_signed(request)
        collection = request.path.removeprefix(f"/v1/{PARENT}/")
        if (request.method, collection) == ("POST", "pipelineJobs"):
            return self._create_job(request)
        if (request.method, collection) == ("POST", "schedules"):
            return self._create_schedule(request)
        if (request.method, collection) == ("GET", "schedules"):
            wanted = re.fullmatch(r'display_name="([^"]+)"', request.query["filter"])
            named = [it for it in self.schedules.values() if wanted and it["displayName"] == wanted.group(1)]
            return Response(200, {"schedules": named})
        identifier = collection.removeprefix("pipelineJobs/")
        if request.method == "GET" and identifier in self.jobs:
            now = self.progress[0] if self.progress else {"state": "PIPELINE_STATE_PENDING"}
            self.progress = self.progress[1:] or self.progress
            return Response(200, {**self.jobs[identifier], **now})
        return self.error(404, f"{request.method} {request.path} is not there")

    def _create_job(self, request: Request) -> Response:
        identifier = request.query.get("pipelineJobId", "")
        self.expect(re.fullmatch(r"[a-z][-a-z0-9]{0,127}", identifier) is not None, f"job id {identifier!r}")
        self.expect(set(request.query) == {"pipelineJobId", "$alt"}, f"query {request.query}")
        self.expect_json(request, JOB)
        self._expect_specification(request.body["pipelineSpec"])
        if identifier in self.jobs:
            return self.error(409, f"{identifier} already exists")
        self.jobs[identifier] = {**request.body, "name": f"{PARENT}/pipelineJobs/{identifier}"}
        return Response(200, {**self.jobs[identifier], "state": "PIPELINE_STATE_PENDING"})

    def _create_schedule(self, request: Request) -> Response:
        self.expect(set(request.query) == {"$alt"}, f"query {request.query}")
        self.expect_json(request, SCHEDULE)
        self._expect_specification(request.body["createPipelineJobRequest"]["pipelineJob"]["pipelineSpec"])
        identifier = str(1000 + len(self.schedules))
        self.schedules[identifier] = {**request.body, "name": f"{PARENT}/schedules/{identifier}", "state": "ACTIVE"}
        return Response(200, self.schedules[identifier])

    def _expect_signed(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        self.expect(scheme == "Bearer", "a bearer's token")
        claims = google.auth.jwt.decode(token, certs=self.certificates)
        self.expect(claims.get("scope") == "https://www.googleapis.com/auth/cloud-platform", f"claims {claims}")

    def _expect_specification(self, specification: Mapping[str, Any]) -> None:
        try:
            json_format.ParseDict(specification, pipeline_spec_pb2.PipelineSpec())
        except json_format.ParseError as error:
            self.violations.append(f"pipelineSpec: {error}")
