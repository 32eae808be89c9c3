"""Where the pipeline runs: on this machine, on Vertex AI, or on Kubeflow Pipelines."""

from pipeline.config import Config
from pipeline.scoring_config import ScoringConfig


def compile_for(target: str, config: Config | ScoringConfig) -> str:
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
