"""How TFMA loads the models that it compares."""

from typing import Any

import tensorflow_model_analysis as tfma

from components.plain_path import plain_path
from components.served_model.folder import saved_model_path


def load_model(eval_saved_model_path: str, **options: Any) -> Any:
    """Loads the candidate or the baseline, for TFX's Evaluator.

    TFX looks for a model in a subfolder, as its Trainer leaves it. A baseline that is given by its address may
    also be a version folder that the Pusher made, which holds the model itself.
    """
    path = plain_path(saved_model_path(eval_saved_model_path))
    return tfma.default_eval_shared_model(eval_saved_model_path=path, **options)
