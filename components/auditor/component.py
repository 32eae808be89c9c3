"""Auditor: checks whether a model's metrics can be trusted."""

import json
from typing import Any

from tfx import types
from tfx.dsl.components.base import base_component, executor_spec
from tfx.orchestration.data_types import RuntimeParameter
from tfx.types import component_spec, standard_artifacts

from components.artifacts import Audits
from components.auditor import executor
from components.auditor.settings import AuditSettings


class AuditorSpec(component_spec.ComponentSpec):
    """Parameters, inputs and outputs of Auditor."""

    PARAMETERS = {
        "settings": component_spec.ExecutionParameter(type=str),
        "data_root": component_spec.ExecutionParameter(type=str, optional=True),
        "reading": component_spec.ExecutionParameter(type=str, optional=True),
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
        data_root: str | RuntimeParameter | None = None,
        reading: dict[str, Any] | None = None,
    ) -> None:
        """Configures the audits of `model`.

        Args:
            examples: frame-feature examples of train and eval.
            test_examples: those of test.
            model: trained on `examples`.
            settings: which audits, on how many videos.
            code_version: what the artifact depends on besides the parameters.
            data_root: folder or bucket of the videos, if the audit robustness is among them.
            reading: the other fields of `VideoFiles`, then.
        """
        super().__init__(
            spec=AuditorSpec(
                examples=examples,
                test_examples=test_examples,
                model=model,
                settings=settings.model_dump_json(),
                data_root=data_root,
                reading=None if reading is None else json.dumps(reading, sort_keys=True),
                code_version=code_version,
                audits=types.Channel(type=Audits),
            )
        )
