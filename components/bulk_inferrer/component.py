"""BulkInferrer: TFX's, with an executor that takes a pushed model as well as a Trainer's."""

from tfx import types
from tfx.dsl.components.base import base_beam_component, executor_spec
from tfx.proto import bulk_inferrer_pb2
from tfx.types import component_spec, standard_artifacts

from components.bulk_inferrer import executor


class BulkInferrerSpec(component_spec.ComponentSpec):
    """What TFX's BulkInferrer has, as far as it is used here."""

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
    """Gives `inference_result`, a PredictionLog for each example."""

    SPEC_CLASS = BulkInferrerSpec
    EXECUTOR_SPEC = executor_spec.BeamExecutorSpec(executor.Executor)

    def __init__(
        self, *, examples: types.BaseChannel, model: types.BaseChannel, signature: str, code_version: str
    ) -> None:
        """Makes the node.

        Args:
            examples: serialized as the signature takes them.
            model: a Trainer's, or a version folder.
            signature: of the model, that is asked.
            code_version: what the artifact depends on beside the parameters.
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
