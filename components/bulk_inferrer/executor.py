"""Locates the SavedModel in a version folder, and compares the examples with their recorded numbers."""

from typing import Any

from tfx import types
from tfx.components.bulk_inferrer import executor
from tfx.types import artifact_utils

from components.example_counts import record_counts, require_whole
from components.loadable_folder import loadable_folder
from components.served_model.folder import saved_model_path


class Executor(executor.Executor):
    """Also accepts a version folder, which is the SavedModel itself; TFX expects it in the Trainer's subfolder."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Predicts, and records the numbers with the output, for its reader to compare.

        Raises:
            UserError: if there are not as many examples as were recorded.
        """
        counts = require_whole(artifact_utils.get_single_instance(input_dict["examples"]))
        super().Do(input_dict, output_dict, exec_properties)
        record_counts(artifact_utils.get_single_instance(output_dict["inference_result"]), counts)

    def _get_inference_spec(self, model_path: str, exec_properties: dict[str, Any]) -> Any:
        return super()._get_inference_spec(loadable_folder(saved_model_path(model_path)), exec_properties)
