"""BulkInferrer: TFX's, with an executor that accepts a pushed model as well as a Trainer's."""

from tfx import types
from tfx.dsl.components.base import base_beam_component, executor_spec
from tfx.proto import bulk_inferrer_pb2
from tfx.types import component_spec, standard_artifacts

from components.bulk_inferrer import executor


class BulkInferrerSpec(component_spec.ComponentSpec):
    """The parts of TFX's BulkInferrer spec that are used here."""

    PARAMETERS = {
        "data_spec": component_spec.ExecutionParameter(type=bulk_inferrer_pb2.DataSpec),
        "model_spec": component_spec.ExecutionParameter(type=bulk_inferrer_pb2.ModelSpec),
        "code_version": component_spec.ExecutionParameter(type=str),
    }
    INPUTS = {
        "examples": component_spec.ChannelParameter(type=standard_artifacts.Examples),
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model),
    }
    OUTPUTS = {"inference_result": component_spec.ChannelParameter(type=standard_artifacts.InferenceResult)}


class BulkInferrer(base_beam_component.BaseBeamComponent):
    """Outputs `inference_result`, a PredictionLog per example."""

    SPEC_CLASS = BulkInferrerSpec
    EXECUTOR_SPEC = executor_spec.BeamExecutorSpec(executor.Executor)

    def __init__(
        self, *, examples: types.BaseChannel, model: types.BaseChannel, signature: str, code_version: str
    ) -> None:
        """Sets the node's inputs and parameters.

        Args:
            examples: serialized as the signature expects.
            model: a Trainer's, or a version folder.
            signature: the signature of the model to call.
            code_version: what the artifact depends on besides the parameters.
        """
        super().__init__(
            spec=BulkInferrerSpec(
                examples=examples,
                model=model,
                data_spec=bulk_inferrer_pb2.DataSpec(),
                model_spec=bulk_inferrer_pb2.ModelSpec(model_signature_name=[signature]),
                code_version=code_version,
                inference_result=types.Channel(type=standard_artifacts.InferenceResult),
            )
        )
