"""TFX's Evaluator, which also saves each prediction, measures slices, and blesses by rules on intervals."""

from tfx import types
from tfx.dsl.components.base import base_beam_component, executor_spec
from tfx.orchestration.data_types import RuntimeParameter
from tfx.types import component_spec, standard_artifacts

from components.artifacts import OutOfFoldScores, VideoMetrics
from components.evaluator import executor


class EvaluatorSpec(component_spec.ComponentSpec):
    """The parts of TFX's EvaluatorSpec that are used here, the bounds, and `video_metrics`."""

    PARAMETERS = {
        "bounds": component_spec.ExecutionParameter(type=str),
        "slice_bounds": component_spec.ExecutionParameter(type=str),
        "min_slice_videos": component_spec.ExecutionParameter(type=int),
        "bounds_on": component_spec.ExecutionParameter(type=str),
        "code_version": component_spec.ExecutionParameter(type=str),
    }
    INPUTS = {
        "examples": component_spec.ChannelParameter(type=standard_artifacts.Examples),
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model),
        "baseline_model": component_spec.ChannelParameter(type=standard_artifacts.Model, optional=True),
        "out_of_fold": component_spec.ChannelParameter(type=OutOfFoldScores, optional=True),
    }
    OUTPUTS = {
        "evaluation": component_spec.ChannelParameter(type=standard_artifacts.ModelEvaluation),
        "blessing": component_spec.ChannelParameter(type=standard_artifacts.ModelBlessing),
        "video_metrics": component_spec.ChannelParameter(type=VideoMetrics),
    }


class Evaluator(base_beam_component.BaseBeamComponent):
    """Outputs `evaluation` (TFMA), `blessing`, and `video_metrics` of the test split and of the cross-validation."""

    SPEC_CLASS = EvaluatorSpec
    EXECUTOR_SPEC = executor_spec.BeamExecutorSpec(executor.Executor)

    def __init__(
        self,
        *,
        examples: types.BaseChannel,
        model: types.BaseChannel,
        bounds: str | RuntimeParameter,
        slice_bounds: str | RuntimeParameter,
        min_slice_videos: int,
        code_version: str,
        bounds_on: str = "test",
        baseline_model: types.BaseChannel | None = None,
        out_of_fold: types.BaseChannel | None = None,
    ) -> None:
        """Configures the evaluation and blessing of `model`.

        Args:
            examples: frame-feature examples with a test split.
            model: the candidate.
            bounds: that the model must meet to be blessed, from `bounds_to_json`.
            slice_bounds: the same by slice, from `slice_bounds_to_json`.
            min_slice_videos: of each class; a slice with fewer is not judged.
            code_version: what the artifacts depend on besides the parameters.
            bounds_on: `test`, or `cross_validation` for bounds that need no baseline.
            baseline_model: which the candidate must not be worse than, if there is one.
            out_of_fold: output of the CrossValidator, if there is one.
        """
        super().__init__(
            spec=EvaluatorSpec(
                examples=examples,
                model=model,
                baseline_model=baseline_model,
                out_of_fold=out_of_fold,
                bounds=bounds,
                slice_bounds=slice_bounds,
                min_slice_videos=min_slice_videos,
                bounds_on=bounds_on,
                code_version=code_version,
                evaluation=types.Channel(type=standard_artifacts.ModelEvaluation),
                blessing=types.Channel(type=standard_artifacts.ModelBlessing),
                video_metrics=types.Channel(type=VideoMetrics),
            )
        )
