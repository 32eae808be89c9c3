"""Settings of the training."""

from collections.abc import Mapping
from typing import Any, Literal

import pydantic

from components.settings import Settings
from components.trainer.architectures import ARCHITECTURES, architecture, complete_hyperparameters


class TrainerSettings(Settings):
    """The section `trainer` of the config; the defaults are the Kaggle notebook's, except for the class weights."""

    model: str = pydantic.Field("gru", description=f"architecture: {', '.join(ARCHITECTURES)}")
    hyperparameters: Mapping[str, Any] = pydantic.Field(
        default_factory=dict, validate_default=True, description="of the architecture; its defaults for the rest"
    )
    frame_differences: bool = pydantic.Field(
        False, description="feed the model also the absolute difference of neighbouring frames' features"
    )
    learning_rate: float = pydantic.Field(1e-4, gt=0, description="of Adam")
    weight_decay: float = pydantic.Field(
        0.0, ge=0, lt=1, description="decoupled, of all kernels, as in AdamW; 0 for none"
    )
    gradient_clip: float = pydantic.Field(0.0, ge=0, description="largest norm of all gradients together; 0 for any")
    batch_size: int = pydantic.Field(16, ge=1)
    epochs: int = pydantic.Field(10, ge=1, description="at most")
    patience: int = pydantic.Field(5, ge=1, description="epochs without a better eval loss before stopping")
    weight_averaging: float = pydantic.Field(
        0.0, ge=0, lt=1, description="momentum of the average of the weights that is evaluated and served; 0 for none"
    )
    members: int = pydantic.Field(
        1, ge=1, le=100, description="models, each with a seed of its own, whose probabilities are averaged"
    )
    class_weights: Literal["balanced", "none"] = pydantic.Field(
        "balanced", description="balanced: real and fake videos count alike in the loss, however many there are of each"
    )
    warm_start: str = pydantic.Field("", description="version folder of a pushed model whose weights to start from")

    @pydantic.field_validator("model")
    @classmethod
    def _known_model(cls, model: str) -> str:
        architecture(model)
        return model

    @pydantic.field_validator("hyperparameters")
    @classmethod
    def _complete(cls, hyperparameters: Mapping[str, Any], info: pydantic.ValidationInfo) -> Mapping[str, Any]:
        # The model is unknown, so its hyperparameters cannot be checked.
        if "model" not in info.data:
            return hyperparameters
        return complete_hyperparameters(info.data["model"], hyperparameters)
