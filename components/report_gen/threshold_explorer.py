"""The confusion matrix of the test split at any threshold."""

import dataclasses
import math
from typing import Final

import numpy as np

from components.served_model.description import Description

SCALE: Final = 1_000_000
"""Probabilities are written into the page as integers in units of 1 / SCALE."""


@dataclasses.dataclass(frozen=True)
class Counts:
    """A confusion matrix with FAKE as the positive class."""

    true_positives: int
    false_negatives: int
    false_positives: int
    true_negatives: int

    @property
    def precision(self) -> float | None:
        """The share of fakes among the videos called fake; None if there are none."""
        called = self.true_positives + self.false_positives
        return self.true_positives / called if called else None


@dataclasses.dataclass(frozen=True)
class Explorer:
    """The initial state of the page's slider, and the scores that it uses.

    Attributes:
        threshold: the model's threshold.
        odds_ratio: a video within this factor of the threshold's odds is inconclusive; 1 for no band.
        false_alarm_cost: of calling a real video fake.
        miss_cost: of calling a fake video real.
        counts: at the model's threshold.
        inconclusive: share of the videos within the model's band.
        scores: `real` and `fake`, ascending, in units of 1 / `SCALE`.
    """

    threshold: float
    odds_ratio: float
    false_alarm_cost: float
    miss_cost: float
    counts: Counts
    inconclusive: float
    scores: dict[str, list[int]]


def make_explorer(
    labels: np.ndarray, probabilities: np.ndarray, threshold: float, description: Description
) -> Explorer:
    """Builds the explorer from labels [N], probabilities [N] and the model's `model.json`."""
    decision, band = description.decision, description.inconclusive_band
    low, high = band or (math.inf, -math.inf)
    within = (probabilities >= low) & (probabilities <= high)
    return Explorer(
        threshold=threshold,
        odds_ratio=_odds(band[1]) / _odds(threshold) if band else 1.0,
        false_alarm_cost=decision.false_alarm_cost,
        miss_cost=decision.miss_cost,
        counts=count(labels, probabilities, threshold),
        inconclusive=float(within.mean()) if len(within) else 0.0,
        scores={
            name: np.sort((probabilities[labels == label] * SCALE).round().astype(int)).tolist()
            for name, label in (("real", 0), ("fake", 1))
        },
    )


def count(labels: np.ndarray, probabilities: np.ndarray, threshold: float) -> Counts:
    """Returns the confusion matrix if videos at or above the threshold are called fake."""
    called = probabilities >= threshold
    return Counts(
        true_positives=int((called & (labels == 1)).sum()),
        false_negatives=int((~called & (labels == 1)).sum()),
        false_positives=int((called & (labels == 0)).sum()),
        true_negatives=int((~called & (labels == 0)).sum()),
    )


def _odds(probability: float) -> float:
    return probability / (1 - probability)
