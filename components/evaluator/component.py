"""Evaluator: TFX's own, which also keeps each prediction and gives intervals that respect the groups."""

from tensorflow_model_analysis.proto import config_pb2
from tfx import types
from tfx.dsl.components.base import base_beam_component, executor_spec
from tfx.types import component_spec, standard_artifacts, standard_component_specs
from tfx.utils import json_utils

from components.artifacts import VideoMetrics
from components.evaluator import executor


class EvaluatorSpec(component_spec.ComponentSpec):
    """What TFX's Evaluator has, as far as it is used here, and `video_metrics`."""

    PARAMETERS = {
        "eval_config": component_spec.ExecutionParameter(type=config_pb2.EvalConfig),
        "example_splits": component_spec.ExecutionParameter(type=str),
        # TFX's executor reads it, and fails without.
        standard_component_specs.MODULE_PATH_KEY: component_spec.ExecutionParameter(type=str, optional=True),
        "code_version": component_spec.ExecutionParameter(type=str),
    }
    INPUTS = {
        "examples": component_spec.ChannelParameter(type=standard_artifacts.Examples),
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model),
        "baseline_model": component_spec.ChannelParameter(type=standard_artifacts.Model, optional=True),
    }
    OUTPUTS = {
        "evaluation": component_spec.ChannelParameter(type=standard_artifacts.ModelEvaluation),
        "blessing": component_spec.ChannelParameter(type=standard_artifacts.ModelBlessing),
        "video_metrics": component_spec.ChannelParameter(type=VideoMetrics),
    }


class Evaluator(base_beam_component.BaseBeamComponent):
    """Gives `evaluation` (TFMA), `blessing`, and `video_metrics` of the test split."""

    SPEC_CLASS = EvaluatorSpec
    EXECUTOR_SPEC = executor_spec.BeamExecutorSpec(executor.Executor)

    def __init__(
        self,
        *,
        examples: types.BaseChannel,
        model: types.BaseChannel,
        eval_config: config_pb2.EvalConfig,
        code_version: str,
        baseline_model: types.BaseChannel | None = None,
    ) -> None:
        """Makes the node.

        Args:
            examples: frame-feature examples with a test split.
            model: the candidate.
            eval_config: TFMA's metrics and thresholds.
            code_version: what the artifacts depend on beside the parameters.
            baseline_model: what the candidate must not be worse than, if there is one.
        """
        super().__init__(
            spec=EvaluatorSpec(
                examples=examples,
                model=model,
                baseline_model=baseline_model,
                eval_config=eval_config,
                example_splits=json_utils.dumps([executor.SPLIT]),
                code_version=code_version,
                evaluation=types.Channel(type=standard_artifacts.ModelEvaluation),
                blessing=types.Channel(type=standard_artifacts.ModelBlessing),
                video_metrics=types.Channel(type=VideoMetrics),
            )
        )
