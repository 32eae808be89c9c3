"""Where the pipeline runs: on this machine, on Vertex AI, or on Kubeflow Pipelines."""

import pathlib
from typing import TYPE_CHECKING

from components.errors import UserError
from pipeline.runners.beam.args import warn_of_secrets

if TYPE_CHECKING:
    # Whoever wants a module of this package, as a verdict does, need not wait for TensorFlow.
    from pipeline.config.scoring import ScoringConfig
    from pipeline.config.training import TrainingConfig


def compile_for(target: str, config: "TrainingConfig | ScoringConfig") -> str:
    """Compiles the DAG that the config is of for `vertex` or `kubeflow`, and gives the text of the file.

    Raises:
        UserError: for everything in the config that the engine cannot run.
    """
    # Imported when asked for: TFX takes seconds.
    if target == "vertex":
        from pipeline.runners.vertex import compile_for_vertex

        return compile_for_vertex(config)
    from pipeline.runners.kubeflow import compile_for_kubeflow

    return compile_for_kubeflow(config)


def write_compiled(target: str, config: "TrainingConfig | ScoringConfig", out: pathlib.Path) -> list[str]:
    """Writes what `compile_for` gives to the file `out`, and gives what is to be told of it, in lines.

    Raises:
        UserError: as `compile_for`, or if the file cannot be written.
    """
    text = compile_for(target, config)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"--out {out}: cannot be written ({error.strerror}); give another file") from error
    return [f"{target} pipeline in {out}", *warn_of_secrets(config.beam_args)]
