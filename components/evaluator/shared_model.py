"""How TFMA loads the models that it compares."""

import os
from typing import Any

import tensorflow as tf
import tensorflow_model_analysis as tfma


def load_model(eval_saved_model_path: str, **options: Any) -> Any:
    """Loads the candidate or the baseline, for TFX's Evaluator.

    TFX looks for a model in a subfolder, as its Trainer leaves it. A baseline that is given by its address may
    also be a version folder that the Pusher made, which holds the model itself.
    """
    return tfma.default_eval_shared_model(eval_saved_model_path=saved_model_path(eval_saved_model_path), **options)


def saved_model_path(path: str) -> str:
    """Gives `path`, where TFX looks for a model, or the folder above it, if the model is there."""
    return path if tf.io.gfile.exists(os.path.join(path, "saved_model.pb")) else os.path.dirname(path)
