"""Entry point of a node's container: expands environment variables in Beam's options, then runs TFX's own."""

import runpy
import sys
from collections.abc import Sequence

from pipeline.runners.beam.args import from_environment

_TFX = "tfx.orchestration.kubeflow.v2.container.kubeflow_v2_run_executor"
_OF_TFX = ("--executor_class_path", "--json_serialized_invocation_args", "--json_serialized_inputs_spec_args")


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


if __name__ == "__main__":
    sys.argv = [_TFX, *expand(sys.argv[1:])]
    runpy.run_module(_TFX, run_name="__main__", alter_sys=True)
