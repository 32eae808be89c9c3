"""CrossValidator: scores every video of a data set by a model that has not seen it."""

from tfx import types
from tfx.dsl.components.base import base_component, executor_spec
from tfx.types import component_spec, standard_artifacts

from components.artifacts import OutOfFoldScores
from components.cross_validator import executor
from components.served_model.decision import DecisionSettings


class CrossValidatorSpec(component_spec.ComponentSpec):
    """Parameters, inputs and outputs of CrossValidator."""

    PARAMETERS = {
        "folds": component_spec.ExecutionParameter(type=int),
        "normalization": component_spec.ExecutionParameter(type=str),
        "decision": component_spec.ExecutionParameter(type=str),
        "code_version": component_spec.ExecutionParameter(type=str),
    }
    INPUTS = {
        "examples": component_spec.ChannelParameter(type=standard_artifacts.Examples),
        "test_examples": component_spec.ChannelParameter(type=standard_artifacts.Examples),
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model),
    }
    OUTPUTS = {"out_of_fold": component_spec.ChannelParameter(type=OutOfFoldScores)}


class CrossValidator(base_component.BaseComponent):
    """Outputs `out_of_fold`."""

    SPEC_CLASS = CrossValidatorSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(executor.Executor)

    def __init__(
        self,
        *,
        examples: types.BaseChannel,
        test_examples: types.BaseChannel,
        model: types.BaseChannel,
        folds: int,
        normalization: str,
        decision: DecisionSettings,
        code_version: str,
    ) -> None:
        """Configures the cross-validation of the training that made `model`.

        Args:
            examples: frame-feature examples of train and eval.
            test_examples: those of test.
            model: tells how it was trained; its weights are not used.
            folds: how many, at least 3.
            normalization: of the features, the section `transform` of the config as JSON.
            decision: how a threshold is chosen.
            code_version: what the artifact depends on besides the parameters.
        """
        super().__init__(
            spec=CrossValidatorSpec(
                examples=examples,
                test_examples=test_examples,
                model=model,
                folds=folds,
                normalization=normalization,
                decision=decision.model_dump_json(),
                code_version=code_version,
                out_of_fold=types.Channel(type=OutOfFoldScores),
            )
        )
