"""Entry point of a node's container: expands environment variables in Beam's options, then runs TFX's own."""

import runpy
import sys
from collections.abc import Sequence

from pipeline.runners.beam.args import from_environment

EXECUTOR_INPUT = "--json_serialized_invocation_args"
INPUTS_SPEC = "--json_serialized_inputs_spec_args"
_TFX = "tfx.orchestration.kubeflow.v2.container.kubeflow_v2_run_executor"
_OF_TFX = ("--executor_class_path", EXECUTOR_INPUT, INPUTS_SPEC)


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
    run_executor(sys.argv[1:])
