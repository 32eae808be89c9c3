"""Compiles a DAG for Kubeflow Pipelines."""

from typing import Any

import yaml

from components.errors import UserError
from pipeline.config.scoring import ScoringConfig
from pipeline.config.sections import LATEST_BASELINE
from pipeline.config.training import TrainingConfig
from pipeline.runners.compilation import compile_job, require_section
from pipeline.runners.portability import require_portable

SECTION = "kubeflow"
_COMMAND = ["python", "-m", "pipeline.runners.kubeflow_container"]


def compile_for_kubeflow(config: TrainingConfig | ScoringConfig) -> str:
    """Returns the pipeline's specification as YAML.

    Raises:
        UserError: for everything in the config that Kubeflow Pipelines does not support.
    """
    engine = require_section(config, SECTION)
    require_portable(config, SECTION)
    if isinstance(config, TrainingConfig) and config.evaluator.baseline == LATEST_BASELINE:
        raise UserError(
            f"evaluator.baseline={LATEST_BASELINE!r}: Kubeflow Pipelines looks nothing up in its store; allowed are "
            "none, or the uri of a pushed model (gs://BUCKET/.../VERSION)"
        )
    specification = compile_job(config, engine, SECTION, _no_resolver, _COMMAND)["pipelineSpec"]
    if not config.data.fingerprint:
        # Unlike Vertex, Kubeflow looks in its cache without checking the videos, only their address.
        specification["root"]["dag"]["tasks"]["VideoExampleGen"]["cachingOptions"] = {"enableCache": False}
    return yaml.safe_dump(specification, sort_keys=True)


def _no_resolver(candidate: Any) -> Any:
    raise AssertionError("refused above")
