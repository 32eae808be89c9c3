"""Compiles a DAG to the specification that Vertex AI and Kubeflow Pipelines run."""

from collections.abc import Callable, Mapping
from typing import Any

from tfx.orchestration.data_types import RuntimeParameter
from tfx.orchestration.kubeflow.v2.kubeflow_v2_dag_runner import KubeflowV2DagRunner, KubeflowV2DagRunnerConfig

from components.errors import UserError
from pipeline.config.engines import EngineConfig
from pipeline.config.scoring import ScoringConfig
from pipeline.config.training import TrainingConfig
from pipeline.dags.scoring import create_scoring_pipeline
from pipeline.dags.training import create_training_pipeline
from pipeline.runners.beam.args import extraction_beam_args, node_beam_args

_ALL_NODES = "default"
_COMMAND = ["python", "-m", "pipeline.runners.container"]


def compile_job(
    config: TrainingConfig | ScoringConfig,
    engine: EngineConfig,
    section: str,
    latest_blessed: Callable[[Any], Any],
    command: list[str] = _COMMAND,
) -> dict[str, Any]:
    """Compiles the config's DAG, without credentials or network.

    Args:
        config: the config of the run, checked by `require_portable`.
        engine: the engine's section of the config.
        section: name of the section, `vertex` or `kubeflow`.
        latest_blessed: returns the node that finds a training's baseline in the engine's store.
        command: the containers' entry point.

    Returns:
        A PipelineJob as plain objects: `pipelineSpec` of schema 2.1 and `runtimeConfig`. The config's values are the
        defaults of its runtime parameters. The same config always yields the same job.

    Raises:
        UserError: if the section names a node that does not exist.
    """
    values: dict[str, Any] = {}

    def parameter(name: str, value: Any) -> RuntimeParameter:
        values[name] = value
        return RuntimeParameter(name, ptype=type(value), default=value)

    beam_args = node_beam_args(config.beam_args)
    places: dict[str, Any] = {
        "beam_pipeline_args": beam_args,
        "extraction_beam_args": extraction_beam_args(config.extraction.workers, config.beam_args),
        "parameter": parameter,
    }
    if isinstance(config, ScoringConfig):
        pipeline = create_scoring_pipeline(config, **places)
    else:
        pipeline = create_training_pipeline(config, latest_blessed=latest_blessed, **places)
    _require_known_nodes(engine, section, [component.id for component in pipeline.components])
    runner_config = KubeflowV2DagRunnerConfig(
        default_image=engine.image,
        default_commands=command,
        use_pipeline_spec_2_1=True,
    )
    job = KubeflowV2DagRunner(config=runner_config).run(pipeline, parameter_values=values, write_out=False)
    job["labels"] = {**job.get("labels", {}), **engine.labels}
    specification = job["pipelineSpec"]
    for name, task in specification["root"]["dag"]["tasks"].items():
        executor = specification["deploymentSpec"]["executors"][f"{name}_executor"]
        # Importers and resolvers have no container; they are neither cached nor retried.
        if "container" in executor:
            executor["container"]["resources"] = _resources(engine.resources, name)
            _set_execution(task, engine)
            # The driver, which looks for new videos, receives Beam's options too, but does not use them.
            driver = executor["container"].get("lifecycle", {}).get("preCacheCheck", {})
            if "args" in driver:
                driver["args"] = [argument for argument in driver["args"] if argument not in beam_args]
    for name, value in values.items():
        # TFX omits the defaults.
        specification["root"]["inputDefinitions"]["parameters"][name]["defaultValue"] = value
    return job


def _require_known_nodes(engine: EngineConfig, section: str, nodes: list[str]) -> None:
    for name in engine.resources:
        if name != _ALL_NODES and name not in nodes:
            allowed = ", ".join([_ALL_NODES, *nodes])
            raise UserError(f"{section}.resources.{name}: there is no such node; allowed are {allowed}")


def _set_execution(task: dict[str, Any], engine: EngineConfig) -> None:
    task["cachingOptions"] = {"enableCache": engine.cache}
    if engine.retries:
        task["retryPolicy"] = {
            "maxRetryCount": engine.retries,
            "backoffDuration": f"{engine.retry_delay_s}s",
            "backoffFactor": 2.0,
        }


def _resources(by_node: Mapping[str, Any], name: str) -> dict[str, object]:
    return {
        **(by_node[_ALL_NODES].as_spec if _ALL_NODES in by_node else {}),
        **(by_node[name].as_spec if name in by_node else {}),
    }
