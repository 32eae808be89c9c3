"""From KerasTuner's values to settings of the Trainer, and what values there are."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import keras_tuner

from components.trainer.architectures import architecture
from components.trainer.settings import TrainerSettings

LEARNING_RATES: Final = (1e-4, 1e-2)


def declare_search_space(hyperparameters: keras_tuner.HyperParameters, models: Sequence[str]) -> None:
    """Declares what may vary: the architecture, its own hyperparameters, the frame differences, the learning rate."""
    hyperparameters.Choice("model", list(models))
    hyperparameters.Boolean("frame_differences")
    low, high = LEARNING_RATES
    hyperparameters.Float("learning_rate", low, high, sampling="log")
    for model in models:
        with hyperparameters.conditional_scope("model", [model]):
            for name, values in architecture(model).SEARCH_SPACE.items():
                # A choice of KerasTuner's is a text or a number, and one of ours may be a tuple.
                hyperparameters.Choice(f"{model}.{name}", [json.dumps(value) for value in values])


def tuned_settings(settings: TrainerSettings, values: Mapping[str, Any]) -> TrainerSettings:
    """Gives `settings` with the values of one trial in their place."""
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
