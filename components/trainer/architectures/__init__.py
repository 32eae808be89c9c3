"""The architectures by name; to add one, add a module here and its name below.

Each module has

- `Hyperparameters`, a frozen pydantic model with reasonable defaults;
- `FRAME_SCORE`, the meaning of a frame's score;
- `SEARCH_SPACE`, by hyperparameter the values that the Tuner may try; all combinations must be valid;
- `build(frame_features, frame_mask, hyperparameters)`, which takes features float32 [B, T, D] and mask bool [B, T],
  right-padded and never all False, as cuDNN requires, and returns the log odds of FAKE [B, 1] and the scores of the
  individual frames [B, T].
"""

import importlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

import pydantic

from components.trainer.architectures.hyperparameters import FrameScore, explain

if TYPE_CHECKING:
    import keras

ARCHITECTURES: Final = ("gru", "gru_small", "frame_mean", "frame_statistics", "attention", "transformer")


class Architecture(Protocol):
    """The interface of an architecture's module."""

    Hyperparameters: type[pydantic.BaseModel]
    FRAME_SCORE: FrameScore
    SEARCH_SPACE: Mapping[str, Sequence[Any]]

    def build(
        self, frame_features: "keras.KerasTensor", frame_mask: "keras.KerasTensor", hyperparameters: Any
    ) -> "tuple[keras.KerasTensor, keras.KerasTensor]":
        """Returns the log odds of FAKE [B, 1] and the scores of the frames [B, T]."""


def architecture(name: str) -> Architecture:
    """Imports the architecture with this name; Keras is imported only when a model is built.

    Raises:
        ValueError: if the name is not in `ARCHITECTURES`.
    """
    if name not in ARCHITECTURES:
        raise ValueError(f"allowed are {', '.join(ARCHITECTURES)}")
    module: Any = importlib.import_module(f"{__name__}.{name}")
    return module


def complete_hyperparameters(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Completes `given` with the architecture's defaults.

    Raises:
        ValueError: if a hyperparameter is unknown or has an invalid value; the message lists the valid ones.
    """
    kind = architecture(name).Hyperparameters
    try:
        return kind(**given).model_dump()
    except pydantic.ValidationError as error:
        raise ValueError(explain(name, kind, error)) from error
