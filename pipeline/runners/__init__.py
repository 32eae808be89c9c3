"""Where the pipeline runs: on this machine, on Vertex AI, or on Kubeflow Pipelines."""

import pathlib
from typing import TYPE_CHECKING

from components.output_files import require_writable, write_output
from pipeline.runners.beam.args import warn_of_secrets

if TYPE_CHECKING:
    # Other modules of this package can be imported without waiting for TensorFlow.
    from pipeline.config.scoring import ScoringConfig
    from pipeline.config.training import TrainingConfig


def compile_for(target: str, config: "TrainingConfig | ScoringConfig") -> str:
    """Compiles the config's DAG for `vertex` or `kubeflow`, and returns the text of the file.

    Raises:
        UserError: for everything in the config that the engine does not support.
    """
    # Imported late: TFX takes seconds.
    if target == "vertex":
        from pipeline.runners.vertex import compile_for_vertex

        return compile_for_vertex(config)
    from pipeline.runners.kubeflow import compile_for_kubeflow

    return compile_for_kubeflow(config)


def write_compiled(target: str, config: "TrainingConfig | ScoringConfig", out: pathlib.Path) -> list[str]:
    """Writes the result of `compile_for` to the file `out`, and returns the lines to print about it.

    Raises:
        UserError: as `compile_for`, or if the file cannot be written.
    """
    require_writable("--out", str(out))
    write_output(str(out), compile_for(target, config).encode())
    told = [f"{target} pipeline in {out}", *warn_of_secrets(config.beam_args)]
    if target == "kubeflow" and config.kubeflow is not None:
        from pipeline.runners.kubernetes.disk import tell_disk

        told += tell_disk(config, config.kubeflow)
    return told
