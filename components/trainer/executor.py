"""Passes the number of epochs and the recorded numbers of examples to the training."""

from typing import Any

from tfx import types
from tfx.components.trainer import executor as trainer_executor
from tfx.types import artifact_utils
from tfx.utils import json_utils

from components.example_counts import recorded_counts


class Executor(trainer_executor.GenericExecutor):
    """TFX's executor, with `epochs` as a separate parameter."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Calls `run_fn` with `epochs` added to its settings, what was recorded with the examples, and the splits."""
        custom_config = json_utils.loads(exec_properties["custom_config"])
        custom_config["settings"]["epochs"] = exec_properties["epochs"]
        examples = artifact_utils.get_single_instance(input_dict["examples"])
        custom_config["examples"] = {"uri": examples.uri, "recorded": recorded_counts(examples)}
        if splits := input_dict.get("splits"):
            custom_config["splits"] = artifact_utils.get_single_uri(splits)
        super().Do(input_dict, output_dict, {**exec_properties, "custom_config": json_utils.dumps(custom_config)})
