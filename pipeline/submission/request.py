"""The request sent to an engine, shown by --dry-run and named so that it is accepted only once."""

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from components.errors import UserError
from components.redaction import redact, redact_text
from pipeline.submission.progress import RunState

_JOB_ID = re.compile(r"[a-z][a-z0-9-]{0,127}")


@dataclasses.dataclass(frozen=True)
class Accepted:
    """What the engine accepted."""

    url: str
    # Reads the state of the run; None for a schedule.
    read: Callable[[], RunState] | None


@dataclasses.dataclass(frozen=True)
class Submission:
    """A request to run or schedule a pipeline, and the function that sends it."""

    name: str
    url: str
    # Settings of the config that appear neither in the url nor in the body, by key.
    into: Mapping[str, str]
    body: Mapping[str, Any]
    # Path of the pipeline's specification within the body.
    path_of_specification: tuple[str, ...]
    send: Callable[[], Accepted]
    scheduled: bool = False


def job_id(name: str, body: Mapping[str, Any], given: str) -> str:
    """Returns the id of a run: `given`, or the name and a digest of everything sent.

    The same pipeline with the same settings has the same id wherever and whenever it is submitted.

    Raises:
        UserError: if an engine would not accept the id.
    """
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:12]
    return _require_valid("--job-id", given) if given else _require_valid("name", f"{name}-{digest}")


def schedule_name(name: str, given: str) -> str:
    """Returns the name of a schedule: `given`, or the pipeline's, so that a changed pipeline is not scheduled twice.

    Raises:
        UserError: if an engine would not accept `given`.
    """
    return _require_valid("--job-id", given) if given else name


def describe(submission: Submission, text: str) -> str:
    """Returns what would be sent, as YAML in which the specification is replaced by its size and digest.

    Args:
        submission: the request.
        text: the compiled pipeline, as `deepfake compile` writes it.
    """
    body = json.loads(json.dumps(submission.body))
    *path, last = submission.path_of_specification
    parent = body
    for key in path:
        parent = parent[key]
    parent[last] = {
        "nodes": len(parent[last]["root"]["dag"]["tasks"]),
        "bytes": len(text.encode()),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "from": "deepfake compile",
    }
    shown = {"name": submission.name, "method": "POST", "url": submission.url, **submission.into, "body": body}
    shown = redact(shown)
    if "description" in shown["body"]:
        # Kubeflow's description holds all labels in one string.
        shown["body"]["description"] = redact_text(shown["body"]["description"])
    return yaml.safe_dump(shown, sort_keys=False, width=120)


def _require_valid(key: str, identifier: str) -> str:
    if not _JOB_ID.fullmatch(identifier):
        raise UserError(f"{key}: {identifier!r} is no job id; allowed are a letter, then a-z, 0-9 and -, at most 128")
    return identifier
