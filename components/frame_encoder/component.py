"""FrameEncoder: a pretrained network with its preprocessing as an artifact, built once."""

from tfx import types
from tfx.dsl.components.base import base_component, executor_spec
from tfx.orchestration.data_types import RuntimeParameter
from tfx.types import component_spec, standard_artifacts

from components.frame_encoder import executor
from components.served_model.encoder_architecture import EncoderName
from components.served_model.encoder_engine import Engine, PrecisionChoice


class FrameEncoderSpec(component_spec.ComponentSpec):
    """Parameters, input and output of FrameEncoder."""

    PARAMETERS = {
        "architecture": component_spec.ExecutionParameter(type=str),
        "weights": component_spec.ExecutionParameter(type=str),
        "weights_digest": component_spec.ExecutionParameter(type=str, optional=True),
        "precision": component_spec.ExecutionParameter(type=str),
        "engine": component_spec.ExecutionParameter(type=str),
        "data_root": component_spec.ExecutionParameter(type=str, optional=True),
        "code_version": component_spec.ExecutionParameter(type=str),
    }
    INPUTS = {"videos": component_spec.ChannelParameter(type=standard_artifacts.Examples, optional=True)}
    OUTPUTS = {"model": component_spec.ChannelParameter(type=standard_artifacts.Model)}


class FrameEncoder(base_component.BaseComponent):
    """Outputs `model`, the SavedModel that turns uint8 frames [N, S, S, 3] into features [N, D]."""

    SPEC_CLASS = FrameEncoderSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(executor.Executor)

    def __init__(
        self,
        *,
        architecture: EncoderName,
        weights: str,
        code_version: str,
        weights_digest: str | None = None,
        precision: PrecisionChoice = "auto",
        engine: Engine = "tensorflow",
        videos: types.BaseChannel | None = None,
        data_root: str | RuntimeParameter | None = None,
    ) -> None:
        """Sets the node's inputs and parameters.

        Args:
            architecture: of the network, which determines S and D.
            weights: `imagenet`, `random:SEED` or the uri of a weights file.
            code_version: what the artifact depends on besides its parameters.
            weights_digest: sha256 of the weights file, which represents its content in the cache key.
            precision: `auto` picks bfloat16 if the processor supports it and it agrees with float32.
            engine: what the encoder runs in.
            videos: video examples; precisions and engines are compared on frames of a few of them.
            data_root: the folder or bucket that the examples' uris are relative to.
        """
        super().__init__(
            spec=FrameEncoderSpec(
                architecture=architecture,
                weights=weights,
                weights_digest=weights_digest,
                precision=precision,
                engine=engine,
                data_root=data_root,
                code_version=code_version,
                videos=videos,
                model=types.Channel(type=standard_artifacts.Model),
            )
        )
