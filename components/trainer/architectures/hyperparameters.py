"""Base classes for the architectures' hyperparameters, and the possible meanings of a frame's score."""

import enum
from typing import Annotated, Final

import pydantic

from components.settings import Settings

Units = Annotated[int, pydantic.Field(ge=1, le=4096)]
Dropout = Annotated[float, pydantic.Field(ge=0, lt=1)]


class Hyperparameters(Settings):
    """Base class: frozen, without unknown keys."""


class DenseHead(Hyperparameters):
    """For `dense_head` after a pooling that has no hyperparameters."""

    dense_units: Units = 32
    dropout: Dropout = 0.5


DENSE_HEAD_SEARCH_SPACE: Final = {"dense_units": (16, 32, 64, 128), "dropout": (0.2, 0.35, 0.5)}


class FrameScore(str, enum.Enum):
    """The meaning of a frame's score."""

    RUNNING = "what the model would have said, had the video ended there"
    ALONE = "what the model would have said of a video of that frame alone"
    IN_CONTEXT = "what the model says of that frame, having seen all the others"
    ATTENTION = "the frame's share of the attention; all shares of a video add up to 1"

    @property
    def is_probability(self) -> bool:
        """Whether it can be calibrated as a probability of FAKE."""
        return self is not FrameScore.ATTENTION


def explain(name: str, kind: type[pydantic.BaseModel], error: pydantic.ValidationError) -> str:
    """Describes in one line what is wrong and what the architecture accepts."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    problem = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        problem = f"{name} has no {key}"
    # A conflict between two values has no key of its own.
    elif key:
        problem = f"{key}={first['input']!r}: {problem}"
    right = ", ".join(f"{key}={field.default!r}" for key, field in kind.model_fields.items())
    return f"{problem}; {name} takes, by default, {right}"
