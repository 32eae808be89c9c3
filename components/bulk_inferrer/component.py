"""BulkInferrer: TFX's own, which takes a pushed model as well as a Trainer's."""

from tfx.components.bulk_inferrer import component
from tfx.dsl.components.base import executor_spec

from components.bulk_inferrer import executor


class BulkInferrer(component.BulkInferrer):
    """Gives `inference_result`, a PredictionLog for each example."""

    EXECUTOR_SPEC = executor_spec.BeamExecutorSpec(executor.Executor)
