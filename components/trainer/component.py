"""TFX's Trainer, with a number of epochs that can be set for each run of a compiled pipeline."""

from typing import Any

from tfx import types
from tfx.dsl.components.base import base_component, executor_spec
from tfx.orchestration.data_types import RuntimeParameter
from tfx.proto import trainer_pb2
from tfx.types import component_spec, standard_artifacts
from tfx.utils import json_utils

from components.artifacts import Splits
from components.served_model.decision import DecisionSettings
from components.trainer import executor
from components.trainer.settings import TrainerSettings


class TrainerSpec(component_spec.ComponentSpec):
    """The parts of TFX's TrainerSpec that are used here, and `epochs`."""

    PARAMETERS = {
        "run_fn": component_spec.ExecutionParameter(type=str),
        "train_args": component_spec.ExecutionParameter(type=trainer_pb2.TrainArgs),
        "eval_args": component_spec.ExecutionParameter(type=trainer_pb2.EvalArgs),
        "custom_config": component_spec.ExecutionParameter(type=str),
        # Not in custom_config, since a runtime parameter cannot be part of a JSON string.
        "epochs": component_spec.ExecutionParameter(type=int),
    }
    INPUTS = {
        "examples": component_spec.ChannelParameter(type=standard_artifacts.Examples),
        "transform_graph": component_spec.ChannelParameter(type=standard_artifacts.TransformGraph),
        "base_model": component_spec.ChannelParameter(type=standard_artifacts.Model),
        "splits": component_spec.ChannelParameter(type=Splits, optional=True),
        "hyperparameters": component_spec.ChannelParameter(type=standard_artifacts.HyperParameters, optional=True),
    }
    OUTPUTS = {
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model),
        "model_run": component_spec.ChannelParameter(type=standard_artifacts.ModelRun),
    }


class Trainer(base_component.BaseComponent):
    """Outputs `model`, the served model, and `model_run`, its training curves."""

    SPEC_CLASS = TrainerSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(executor.Executor)

    def __init__(
        self,
        *,
        examples: types.BaseChannel,
        transform_graph: types.BaseChannel,
        encoder: types.BaseChannel,
        settings: TrainerSettings,
        decision: DecisionSettings,
        epochs: int | RuntimeParameter,
        seed: int,
        state_dir: str,
        description: dict[str, Any],
        given_fakes: float = 1.0,
        code_version: str,
        splits: types.BaseChannel | None = None,
        hyperparameters: types.BaseChannel | None = None,
    ) -> None:
        """Configures TFX's Trainer to call `run_fn` on the splits train and eval.

        Args:
            examples: transformed examples with the splits train and eval.
            transform_graph: the one that transformed them.
            encoder: the output of FrameEncoder; it becomes part of the served model.
            settings: of the training, except `epochs`.
            decision: how its probabilities are calibrated and turned into verdicts.
            epochs: the maximum.
            seed: of weights, dropout and shuffling, of the first member.
            state_dir: local folder or bucket where the state of unfinished trainings is kept.
            description: copied into the model's `model.json`.
            given_fakes: the share of the data set's fakes that is trained on; pseudo-fakes always are.
            code_version: what the artifacts depend on besides the parameters.
            splits: which video is in which split; without it the model does not tell what it was trained on.
            hyperparameters: the best ones of a search; they override those in `settings`.
        """
        custom_config = {
            "settings": settings.model_dump(exclude={"epochs"}),
            "decision": decision.model_dump(),
            "given_fakes": given_fakes,
            "seed": seed,
            "state_dir": state_dir,
            "description": description,
            "code_version": code_version,
        }
        super().__init__(
            spec=TrainerSpec(
                examples=examples,
                transform_graph=transform_graph,
                base_model=encoder,
                splits=splits,
                hyperparameters=hyperparameters,
                run_fn="components.trainer.run_fn.run_fn",
                train_args=trainer_pb2.TrainArgs(splits=["train"]),
                eval_args=trainer_pb2.EvalArgs(splits=["eval"]),
                custom_config=json_utils.dumps(custom_config),
                epochs=epochs,
                model=types.Channel(type=standard_artifacts.Model),
                model_run=types.Channel(type=standard_artifacts.ModelRun),
            )
        )
