"""Hands on the recorded numbers of examples."""

from typing import Any

from tfx import types
from tfx.components.transform import executor
from tfx.types import artifact_utils

from components.example_counts import record_counts, recorded_counts


class Executor(executor.Executor):
    """TFX's executor, which writes an example for each one that it reads."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Transforms, and records with the output what was recorded with the input, for its reader to compare."""
        super().Do(input_dict, output_dict, exec_properties)
        examples = artifact_utils.get_single_instance(input_dict["examples"])
        transformed = artifact_utils.get_single_instance(output_dict["transformed_examples"])
        record_counts(transformed, recorded_counts(examples))
