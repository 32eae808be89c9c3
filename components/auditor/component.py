"""Auditor: checks whether a model's metrics can be trusted."""

from tfx import types
from tfx.dsl.components.base import base_component, executor_spec
from tfx.types import component_spec, standard_artifacts

from components.artifacts import Audits
from components.auditor import executor
from components.auditor.settings import AuditSettings


class AuditorSpec(component_spec.ComponentSpec):
    """Parameters, inputs and outputs of Auditor."""

    PARAMETERS = {
        "settings": component_spec.ExecutionParameter(type=str),
        "code_version": component_spec.ExecutionParameter(type=str),
    }
    INPUTS = {
        "examples": component_spec.ChannelParameter(type=standard_artifacts.Examples),
        "test_examples": component_spec.ChannelParameter(type=standard_artifacts.Examples),
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model),
    }
    OUTPUTS = {"audits": component_spec.ChannelParameter(type=Audits)}


class Auditor(base_component.BaseComponent):
    """Outputs `audits`."""

    SPEC_CLASS = AuditorSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(executor.Executor)

    def __init__(
        self,
        *,
        examples: types.BaseChannel,
        test_examples: types.BaseChannel,
        model: types.BaseChannel,
        settings: AuditSettings,
        code_version: str,
    ) -> None:
        """Configures the audits of `model`.

        Args:
            examples: frame-feature examples of train and eval.
            test_examples: those of test.
            model: trained on `examples`.
            settings: which audits, on how many videos.
            code_version: what the artifact depends on besides the parameters.
        """
        super().__init__(
            spec=AuditorSpec(
                examples=examples,
                test_examples=test_examples,
                model=model,
                settings=settings.model_dump_json(),
                code_version=code_version,
                audits=types.Channel(type=Audits),
            )
        )
