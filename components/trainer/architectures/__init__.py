"""The architectures by name: adding one is a file here and its name below.

Each file has

- `Hyperparameters`, a frozen pydantic model whose defaults are the ones to start with;
- `FRAME_SCORE`, what the score of a frame means;
- `SEARCH_SPACE`, by hyperparameter the values that the Tuner may try, any of which go together;
- `build(frame_features, frame_mask, hyperparameters)`, which takes features float32 [B, T, D] and mask bool [B, T],
  right-padded and never all False, as cuDNN wants it, and gives the probability of FAKE [B, 1] and the scores of
  the single frames [B, T].
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
    """What a file of an architecture has."""

    Hyperparameters: type[pydantic.BaseModel]
    FRAME_SCORE: FrameScore
    SEARCH_SPACE: Mapping[str, Sequence[Any]]

    def build(
        self, frame_features: "keras.KerasTensor", frame_mask: "keras.KerasTensor", hyperparameters: Any
    ) -> "tuple[keras.KerasTensor, keras.KerasTensor]":
        """Gives the probability of FAKE [B, 1] and the scores of the frames [B, T]."""


def architecture(name: str) -> Architecture:
    """The one of `ARCHITECTURES` with this name; needs no Keras until it is built.

    Raises:
        ValueError: if there is none.
    """
    if name not in ARCHITECTURES:
        raise ValueError(f"allowed are {', '.join(ARCHITECTURES)}")
    module: Any = importlib.import_module(f"{__name__}.{name}")
    return module


def complete_hyperparameters(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What an architecture is built with: `given`, and its defaults for the rest.

    Raises:
        ValueError: if one is not the architecture's or has a wrong value; lists the right ones.
    """
    kind = architecture(name).Hyperparameters
    try:
        return kind(**given).model_dump()
    except pydantic.ValidationError as error:
        raise ValueError(explain(name, kind, error)) from error
