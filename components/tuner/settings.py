"""Settings of the hyperparameter search."""

import pydantic

from components.settings import Settings
from components.trainer.architectures import ARCHITECTURES, architecture


class TunerSettings(Settings):
    """The section `tuner` of the config."""

    enabled: bool = pydantic.Field(False, description="search before the training, which then takes the best")
    models: tuple[str, ...] = pydantic.Field(
        ARCHITECTURES, min_length=1, description=f"architectures to try: {', '.join(ARCHITECTURES)}"
    )
    trials: int = pydantic.Field(20, ge=1, description="how many settings are tried")
    epochs: int = pydantic.Field(20, ge=1, description="of a trial, at most")
    patience: int = pydantic.Field(5, ge=1, description="epochs without a better eval loss before a trial stops")

    @pydantic.field_validator("models")
    @classmethod
    def _known_models(cls, models: tuple[str, ...]) -> tuple[str, ...]:
        for model in models:
            architecture(model)
        return models
