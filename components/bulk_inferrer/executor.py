"""Locates the SavedModel in a version folder."""

from typing import Any

from tfx.components.bulk_inferrer import executor

from components.loadable_folder import loadable_folder
from components.served_model.folder import saved_model_path


class Executor(executor.Executor):
    """Also accepts a version folder, which is the SavedModel itself; TFX expects it in the Trainer's subfolder."""

    def _get_inference_spec(self, model_path: str, exec_properties: dict[str, Any]) -> Any:
        return super()._get_inference_spec(loadable_folder(saved_model_path(model_path)), exec_properties)
