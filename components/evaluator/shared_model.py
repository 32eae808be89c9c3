"""Loads the models that TFMA compares."""

from typing import Any

import tensorflow_model_analysis as tfma

from components.loadable_folder import loadable_folder
from components.served_model.folder import saved_model_path


def load_model(eval_saved_model_path: str, **options: Any) -> Any:
    """Loads the candidate or the baseline, for TFX's Evaluator.

    TFX looks for a model in a subfolder, where its Trainer writes it. A baseline given by URI may also be a version
    folder written by the Pusher, which contains the model itself.
    """
    path = loadable_folder(saved_model_path(eval_saved_model_path))
    return tfma.default_eval_shared_model(eval_saved_model_path=path, **options)
