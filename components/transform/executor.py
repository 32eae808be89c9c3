"""Compares the examples with their recorded numbers, and hands these on."""

from typing import Any

from tfx import types
from tfx.components.transform import executor
from tfx.types import artifact_utils

from components.example_counts import record_counts, require_whole


class Executor(executor.Executor):
    """TFX's executor, which writes an example for each one that it reads."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Transforms, and records the numbers with the output, for its reader to compare.

        Raises:
            UserError: if there are not as many examples as were recorded.
        """
        counts = require_whole(artifact_utils.get_single_instance(input_dict["examples"]))
        super().Do(input_dict, output_dict, exec_properties)
        record_counts(artifact_utils.get_single_instance(output_dict["transformed_examples"]), counts)
