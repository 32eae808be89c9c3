"""FrameEncoder: InceptionV3 and its preprocessing as an artifact, made once."""

from tfx import types
from tfx.dsl.components.base import base_component, executor_spec
from tfx.types import component_spec, standard_artifacts

from components.frame_encoder import executor


class FrameEncoderSpec(component_spec.ComponentSpec):
    """Parameters and output of FrameEncoder."""

    PARAMETERS = {
        "weights": component_spec.ExecutionParameter(type=str),
        "weights_digest": component_spec.ExecutionParameter(type=str, optional=True),
        "code_version": component_spec.ExecutionParameter(type=str),
    }
    INPUTS: dict[str, component_spec.ChannelParameter] = {}
    OUTPUTS = {"model": component_spec.ChannelParameter(type=standard_artifacts.Model)}


class FrameEncoder(base_component.BaseComponent):
    """Gives `model`, the SavedModel that turns uint8 frames [N, 224, 224, 3] into features [N, 2048]."""

    SPEC_CLASS = FrameEncoderSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(executor.Executor)

    def __init__(self, *, weights: str, code_version: str, weights_digest: str | None = None) -> None:
        """Makes the node.

        Args:
            weights: `imagenet`, `random:SEED` or the uri of a weights file.
            code_version: what the artifact depends on beside its parameters.
            weights_digest: sha256 of the weights file, which stands for its content in the cache's key.
        """
        super().__init__(
            spec=FrameEncoderSpec(
                weights=weights,
                weights_digest=weights_digest,
                code_version=code_version,
                model=types.Channel(type=standard_artifacts.Model),
            )
        )
