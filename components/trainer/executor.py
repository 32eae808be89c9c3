"""Passes the number of epochs to the training."""

from typing import Any

from tfx import types
from tfx.components.trainer import executor as trainer_executor
from tfx.utils import json_utils


class Executor(trainer_executor.GenericExecutor):
    """TFX's executor, with `epochs` as a separate parameter."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Calls `run_fn` with `epochs` added to its settings."""
        custom_config = json_utils.loads(exec_properties["custom_config"])
        custom_config["settings"]["epochs"] = exec_properties["epochs"]
        super().Do(input_dict, output_dict, {**exec_properties, "custom_config": json_utils.dumps(custom_config)})
