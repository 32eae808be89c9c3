"""Compiles a DAG for Vertex AI Pipelines."""

import json

from pipeline.config.scoring import ScoringConfig
from pipeline.config.training import TrainingConfig
from pipeline.runners.portability import require_portable, require_section

SECTION = "vertex"


def compile_for_vertex(config: TrainingConfig | ScoringConfig) -> str:
    """Returns the PipelineJob as JSON.

    Raises:
        UserError: for everything in the config that Vertex AI does not support.
    """
    engine = require_section(config, SECTION)
    require_portable(config, SECTION)
    # Imported late: what is wrong with the config is told before TFX is loaded.
    from components.evaluator.baseline import latest_blessed_model
    from pipeline.runners.compilation import compile_job

    job = compile_job(config, engine, SECTION, latest_blessed_model)
    return json.dumps(job, indent=2, sort_keys=True) + "\n"
