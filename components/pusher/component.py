"""Pusher: TFX's, with an executor that never pushes a model twice and adds a model card and training statistics."""

from tfx import types
from tfx.dsl.components.base import base_component, executor_spec
from tfx.proto import pusher_pb2
from tfx.types import component_spec, standard_artifacts

from components.artifacts import VideoMetrics
from components.pusher import executor
from components.pusher.model_card import CardSettings


class PusherSpec(component_spec.ComponentSpec):
    """The parts of TFX's Pusher spec that are used here, plus what is published with the model."""

    PARAMETERS = {
        "push_destination": component_spec.ExecutionParameter(type=pusher_pb2.PushDestination),
        "card": component_spec.ExecutionParameter(type=str),
        "code_version": component_spec.ExecutionParameter(type=str),
    }
    INPUTS = {
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model),
        "model_blessing": component_spec.ChannelParameter(type=standard_artifacts.ModelBlessing),
        "infra_blessing": component_spec.ChannelParameter(type=standard_artifacts.InfraBlessing),
        "video_metrics": component_spec.ChannelParameter(type=VideoMetrics),
        "statistics": component_spec.ChannelParameter(type=standard_artifacts.ExampleStatistics),
    }
    OUTPUTS = {"pushed_model": component_spec.ChannelParameter(type=standard_artifacts.PushedModel)}


class Pusher(base_component.BaseComponent):
    """Outputs `pushed_model`; copies a model that has both blessings to a version folder of the push destination."""

    SPEC_CLASS = PusherSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(executor.Executor)

    def __init__(
        self,
        *,
        model: types.BaseChannel,
        model_blessing: types.BaseChannel,
        infra_blessing: types.BaseChannel,
        video_metrics: types.BaseChannel,
        statistics: types.BaseChannel,
        card: CardSettings,
        base_directory: str,
        code_version: str,
    ) -> None:
        """Sets the node's inputs and parameters.

        Args:
            model: the candidate.
            model_blessing: output of the Evaluator.
            infra_blessing: output of the ServingValidator, with its `serving_check.json`.
            video_metrics: output of the Evaluator.
            statistics: of the video examples; those of the train split are published with the model.
            card: the parts of the model card that only people can supply.
            base_directory: local folder or bucket that holds one folder per version.
            code_version: what the artifact depends on besides the parameters.
        """
        super().__init__(
            spec=PusherSpec(
                model=model,
                model_blessing=model_blessing,
                infra_blessing=infra_blessing,
                video_metrics=video_metrics,
                statistics=statistics,
                card=card.model_dump_json(),
                code_version=code_version,
                push_destination=pusher_pb2.PushDestination(
                    filesystem=pusher_pb2.PushDestination.Filesystem(base_directory=base_directory)
                ),
                pushed_model=types.Channel(type=standard_artifacts.PushedModel),
            )
        )
