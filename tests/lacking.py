"""The entry point of Kubeflow's containers without one of its rules: `python -m lacking RULE ARGUMENT ...`."""

import sys
from typing import Any

from pipeline.runners import kubeflow_container as whole

_LOGS = "executor-logs"
_prepare = whole.prepare


def _without_types(executor_input: Any, inputs_spec: Any) -> Any:
    inputs = executor_input["inputs"]["artifacts"]
    types = {key: several["artifacts"][0]["type"] for key, several in inputs.items()}
    uris = _prepare(executor_input, inputs_spec)
    for key, kind in types.items():
        inputs[key]["artifacts"][0]["type"] = kind
    return uris


def _with_logs(executor_input: Any, inputs_spec: Any) -> Any:
    outputs = executor_input["outputs"]["artifacts"]
    logs = outputs[_LOGS]
    uris = _prepare(executor_input, inputs_spec)
    outputs[_LOGS] = logs
    return uris


def _same(uri: str) -> str:
    return uri


RULES = {"types": ("prepare", _without_types), "logs": ("prepare", _with_logs), "copies": ("local_path", _same)}

if __name__ == "__main__":
    setattr(whole, *RULES[sys.argv[1]])
    whole.main(sys.argv[2:])
