"""Compiles a DAG for Kubeflow Pipelines."""

from typing import Any

import yaml

from components.errors import UserError
from pipeline.config.scoring import ScoringConfig
from pipeline.config.sections import LATEST_BASELINE
from pipeline.config.training import TrainingConfig
from pipeline.runners.beam.args import distributed_runner
from pipeline.runners.kubernetes.disk import RESOURCE, disk_gb
from pipeline.runners.kubernetes.limits import require_small_enough
from pipeline.runners.portability import require_portable, require_section

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
            "none, or the uri of a pushed model (gs://BUCKET/.../VERSION, or the like in s3://)"
        )
    if runner := distributed_runner(config.beam_args):
        raise UserError(
            f"beam_args: --runner={runner} works on other machines, which cannot write to the folders of a pod on "
            "Kubeflow Pipelines; leave it out, or give it to deepfake extract, which fills the feature cache beforehand"
        )
    # Imported late: what is wrong with the config is told before TFX is loaded.
    from pipeline.runners.compilation import compile_job

    specification = compile_job(config, engine, SECTION, _no_resolver, _COMMAND)["pipelineSpec"]
    if not config.data.fingerprint:
        # Unlike Vertex, Kubeflow looks in its cache without checking the videos, only their address.
        specification["root"]["dag"]["tasks"]["VideoExampleGen"]["cachingOptions"] = {"enableCache": False}
    for name in specification["root"]["dag"]["tasks"]:
        container = specification["deploymentSpec"]["executors"][f"{name}_executor"].get("container")
        disk = disk_gb(config, engine, name)
        if container and disk:
            # There is no field for disk. The driver makes this one a limit of any name, which Kubernetes also requests.
            container["resources"].setdefault("accelerator", {"type": RESOURCE, "count": f"{disk * 1e9:.0f}"})
    require_small_enough(specification)
    return yaml.safe_dump(specification, sort_keys=True)


def _no_resolver(candidate: Any) -> Any:
    raise AssertionError("refused above")
