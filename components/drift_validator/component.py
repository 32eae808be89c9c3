"""DriftValidator: whether the scored videos still resemble the model's training data."""

from tfx import types
from tfx.dsl.components.base import base_component, executor_spec
from tfx.types import component_spec, standard_artifacts

from components.artifacts import Drift, Scores
from components.drift_validator import executor
from components.drift_validator.settings import DriftSettings


class DriftValidatorSpec(component_spec.ComponentSpec):
    """Parameters, inputs and output of DriftValidator."""

    PARAMETERS = {
        "settings": component_spec.ExecutionParameter(type=str),
        "code_version": component_spec.ExecutionParameter(type=str),
    }
    INPUTS = {
        "statistics": component_spec.ChannelParameter(type=standard_artifacts.ExampleStatistics),
        "scores": component_spec.ChannelParameter(type=Scores),
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model),
    }
    OUTPUTS = {"drift": component_spec.ChannelParameter(type=Drift)}


class DriftValidator(base_component.BaseComponent):
    """Outputs `drift`."""

    SPEC_CLASS = DriftValidatorSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(executor.Executor)

    def __init__(
        self,
        *,
        statistics: types.BaseChannel,
        scores: types.BaseChannel,
        model: types.BaseChannel,
        settings: DriftSettings,
        code_version: str,
    ) -> None:
        """Sets the node's inputs and parameters.

        Args:
            statistics: of the video examples in the split `score`.
            scores: output of SubmissionGen.
            model: a version folder, which holds its training statistics and test results.
            settings: when a distance counts as drift, and whether drift fails the node.
            code_version: what the artifact depends on besides the parameters.
        """
        super().__init__(
            spec=DriftValidatorSpec(
                statistics=statistics,
                scores=scores,
                model=model,
                settings=settings.model_dump_json(),
                code_version=code_version,
                drift=types.Channel(type=Drift),
            )
        )
