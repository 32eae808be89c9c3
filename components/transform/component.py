"""TFX's Transform, which also hands on the recorded numbers of examples."""

from tfx.components.transform import component
from tfx.dsl.components.base import executor_spec

from components.transform import executor


class Transform(component.Transform):
    """Outputs `transform_graph` and `transformed_examples`."""

    EXECUTOR_SPEC = executor_spec.BeamExecutorSpec(executor.Executor)
