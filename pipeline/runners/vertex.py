"""Compiles a DAG for Vertex AI Pipelines."""

import json

from components.evaluator.baseline import latest_blessed_model
from pipeline.config.scoring import ScoringConfig
from pipeline.config.training import TrainingConfig
from pipeline.runners.compilation import compile_job, require_section
from pipeline.runners.portability import require_portable

SECTION = "vertex"


def compile_for_vertex(config: TrainingConfig | ScoringConfig) -> str:
    """Returns the PipelineJob as JSON.

    Raises:
        UserError: for everything in the config that Vertex AI does not support.
    """
    engine = require_section(config, SECTION)
    require_portable(config, SECTION)
    job = compile_job(config, engine, SECTION, latest_blessed_model)
    return json.dumps(job, indent=2, sort_keys=True) + "\n"
