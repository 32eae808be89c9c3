"""The Tuner's search space, and the conversion of a trial's values to settings of the Trainer."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import keras_tuner

from components.trainer.architectures import architecture
from components.trainer.settings import TrainerSettings

LEARNING_RATES: Final = (1e-4, 1e-2)


def declare_search_space(hyperparameters: keras_tuner.HyperParameters, models: Sequence[str]) -> None:
    """Declares the architecture, its hyperparameters, the frame differences and the learning rate."""
    hyperparameters.Choice("model", list(models))
    hyperparameters.Boolean("frame_differences")
    low, high = LEARNING_RATES
    hyperparameters.Float("learning_rate", low, high, sampling="log")
    for model in models:
        with hyperparameters.conditional_scope("model", [model]):
            for name, values in architecture(model).SEARCH_SPACE.items():
                # KerasTuner's choices are strings or numbers, and some of these values are tuples.
                hyperparameters.Choice(f"{model}.{name}", [json.dumps(value) for value in values])


def tuned_settings(settings: TrainerSettings, values: Mapping[str, Any]) -> TrainerSettings:
    """Returns `settings` with the values of one trial."""
    model = values["model"]
    own = {
        name.removeprefix(f"{model}."): json.loads(value)
        for name, value in values.items()
        if name.startswith(f"{model}.")
    }
    return TrainerSettings(
        **{
            **settings.model_dump(),
            "model": model,
            "hyperparameters": own,
            "frame_differences": bool(values["frame_differences"]),
            "learning_rate": values["learning_rate"],
        }
    )
