"""Entry point of a node's container: TFX's own, on inputs that are whole.

It expands environment variables in Beam's options, refuses artifacts that are not as their makers left them, and
records the files of those that the node makes.
"""

import json
import runpy
import sys
from collections.abc import Sequence

from components import storage
from components.errors import UserError
from pipeline.runners.beam.args import from_environment
from pipeline.runners.whole_artifacts.containers import record_outputs, require_whole_inputs

EXECUTOR_INPUT = "--json_serialized_invocation_args"
INPUTS_SPEC = "--json_serialized_inputs_spec_args"
_TFX = "tfx.orchestration.kubeflow.v2.container.kubeflow_v2_run_executor"
_OF_TFX = ("--executor_class_path", EXECUTOR_INPUT, INPUTS_SPEC)


def main(arguments: Sequence[str]) -> None:
    """Runs the executor that the arguments name.

    Raises:
        SystemExit: with one line, if an input is damaged; see also `run_executor`.
    """
    executor_input = json.loads(arguments[arguments.index(EXECUTOR_INPUT) + 1])
    try:
        require_whole_inputs(executor_input)
    except UserError as error:
        sys.exit(error.message)
    run_executor(arguments)
    outputs = executor_input["outputs"]
    told = json.loads(storage.read_bytes(outputs["outputFile"]))
    record_outputs(outputs, told)
    storage.write_bytes(outputs["outputFile"], json.dumps(told).encode())


def expand(arguments: Sequence[str]) -> list[str]:
    """Returns the container's arguments with variables expanded in Beam's options only.

    Raises:
        UserError: if a variable is not set.
    """
    expanded, before = [], ""
    for argument in arguments:
        expanded += [argument] if before in _OF_TFX else from_environment([argument])
        before = argument
    return expanded


def run_executor(arguments: Sequence[str]) -> None:
    """Runs TFX's entry point with the container's arguments.

    Raises:
        UserError: if a variable is not set.
        SystemExit: if TFX says so with a status other than 0. An executor's own exceptions pass.
    """
    sys.argv = [_TFX, *expand(arguments)]
    try:
        runpy.run_module(_TFX, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code:
            raise


if __name__ == "__main__":
    main(sys.argv[1:])
