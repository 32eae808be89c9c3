"""ServingValidator: checks, without Docker, that the exported model answers like the trained one."""

from tfx import types
from tfx.dsl.components.base import base_component, executor_spec
from tfx.types import component_spec, standard_artifacts

from components.serving_validator import executor


class ServingValidatorSpec(component_spec.ComponentSpec):
    """Parameter, inputs and output of ServingValidator."""

    PARAMETERS = {"code_version": component_spec.ExecutionParameter(type=str)}
    INPUTS = {
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model),
        "examples": component_spec.ChannelParameter(type=standard_artifacts.Examples),
    }
    OUTPUTS = {"blessing": component_spec.ChannelParameter(type=standard_artifacts.InfraBlessing)}


class ServingValidator(base_component.BaseComponent):
    """Outputs `blessing`, an InfraBlessing with `serving_check.json`."""

    SPEC_CLASS = ServingValidatorSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(executor.Executor)

    def __init__(self, *, model: types.BaseChannel, examples: types.BaseChannel, code_version: str) -> None:
        """Sets the node's inputs and parameters.

        Args:
            model: the candidate, with the expected outputs that the Trainer wrote next to it.
            examples: frame-feature examples of the videos that these are for, in an eval split.
            code_version: what the artifact depends on besides its inputs.
        """
        super().__init__(
            spec=ServingValidatorSpec(
                model=model,
                examples=examples,
                code_version=code_version,
                blessing=types.Channel(type=standard_artifacts.InfraBlessing),
            )
        )
