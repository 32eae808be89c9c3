"""How closely a variant of the encoder matches the float32 reference."""

import dataclasses
from typing import Final

import numpy as np

from components.served_model.encoder_engine import Precision

MIN_COSINE: Final = 0.998
"""Between each frame's bfloat16 and float32 features."""

MAX_RELATIVE_ERROR: Final = 1e-4
"""Of each frame's float32 features, whichever engine computed them."""


@dataclasses.dataclass(frozen=True)
class Agreement:
    """The worst figures over all compared frames.

    Attributes:
        frames: number of frames compared.
        min_cosine: the lowest cosine similarity between a frame's features and the expected ones.
        max_relative_error: the largest norm of a difference, relative to the norm of the expected features.
    """

    frames: int
    min_cosine: float
    max_relative_error: float

    def is_sufficient(self, precision: Precision) -> bool:
        """Whether features of this precision agree closely enough; False if a figure is NaN."""
        if precision == "bfloat16":
            return self.min_cosine >= MIN_COSINE
        return self.max_relative_error <= MAX_RELATIVE_ERROR

    def __str__(self) -> str:
        """Formats the figures for messages."""
        return (
            f"least cosine {self.min_cosine:.5f}, largest relative error {self.max_relative_error:.1e} "
            f"on {self.frames} frames"
        )


def measure_agreement(expected: np.ndarray, found: np.ndarray) -> Agreement:
    """Compares features float32 [N, D], N at least 1, frame by frame."""
    expected, found = expected.astype(np.float64), found.astype(np.float64)
    lengths = np.linalg.norm(expected, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        cosines = (expected * found).sum(axis=1) / (lengths * np.linalg.norm(found, axis=1))
        errors = np.linalg.norm(found - expected, axis=1) / lengths
    return Agreement(len(expected), float(cosines.min()), float(errors.max()))
