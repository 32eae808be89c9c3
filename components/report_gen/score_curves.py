"""Curves over all thresholds, thinned to what can be seen."""

import dataclasses
from typing import Final

import numpy as np
from sklearn import metrics

from components.metrics.video_metrics import bin_of
from components.metrics.wilson import wilson_interval

MAX_POINTS: Final = 200
BINS: Final = 10

Points = list[tuple[float, float]]


@dataclasses.dataclass(frozen=True)
class Bin:
    """The videos whose probabilities fall in one bin of equal width.

    Attributes:
        mean: of their probabilities.
        share: of FAKE videos among them.
        low: lower end of the share's 95 % interval (Wilson 1927).
        high: its upper end.
        count: number of videos.
    """

    mean: float
    share: float
    low: float
    high: float
    count: int


def roc_points(labels: np.ndarray, ranks: np.ndarray) -> Points:
    """Returns false and true positive rates, ascending; empty unless both classes are present."""
    if len(np.unique(labels)) < 2:
        return []
    false_rates, true_rates, _ = metrics.roc_curve(labels, ranks)
    return thin(list(zip(false_rates.tolist(), true_rates.tolist(), strict=True)))


def precision_recall_points(labels: np.ndarray, ranks: np.ndarray) -> Points:
    """Returns recall and precision, by ascending recall; empty unless both classes are present."""
    if len(np.unique(labels)) < 2:
        return []
    precision, recall, _ = metrics.precision_recall_curve(labels, ranks, drop_intermediate=True)
    return thin(list(zip(recall[::-1].tolist(), precision[::-1].tolist(), strict=True)))


def thin(points: Points, most: int = MAX_POINTS) -> Points:
    """Returns at most `most` evenly spaced points, including the first and the last."""
    if len(points) <= most:
        return points
    return [points[index] for index in np.linspace(0, len(points) - 1, most).round().astype(int)]


def reliability(labels: np.ndarray, probabilities: np.ndarray) -> list[Bin]:
    """Returns the non-empty bins, ascending."""
    places = bin_of(probabilities, BINS)
    return [_bin(labels[places == place], probabilities[places == place]) for place in np.unique(places)]


def histogram(labels: np.ndarray, probabilities: np.ndarray, bins: int) -> tuple[list[int], list[int]]:
    """Counts the REAL and the FAKE videos in each of `bins` bins of equal width."""
    places = bin_of(probabilities, bins)
    real, fake = (np.bincount(places[labels == label], minlength=bins).tolist() for label in (0, 1))
    return real, fake


def _bin(labels: np.ndarray, probabilities: np.ndarray) -> Bin:
    count = len(labels)
    return Bin(float(probabilities.mean()), float(labels.mean()), *wilson_interval(int(labels.sum()), count), count)
