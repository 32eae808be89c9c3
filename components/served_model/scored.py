"""What a served model says of videos."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from components import features
from components.metrics.scores import Scores


class Scored(NamedTuple):
    """The outputs of a serving signature for one video.

    Attributes:
        probability: of FAKE, calibrated.
        frame_scores: float32 [T].
        probability_std: how far the members of the model are apart; None for a model of an earlier version.
        log_odds: what the video is ranked by; None likewise.
    """

    probability: float
    frame_scores: np.ndarray
    probability_std: float | None = None
    log_odds: float | None = None


def scored_videos(served: Mapping[str, Any]) -> list[Scored]:
    """Returns the outputs of each of B videos, from those of a serving signature: tensors or arrays by name."""

    def numbers(name: str) -> list[Any]:
        return [float(value) for value in _column(served, name)] if name in served else [None] * count

    frame_scores = np.asarray(served[features.FRAME_SCORES])
    count = len(frame_scores)
    names = (features.PROBABILITY_STD, features.LOG_ODDS_FAKE)
    rows = zip(numbers(features.PROBABILITY_FAKE), frame_scores, *map(numbers, names), strict=True)
    return [Scored(*row) for row in rows]


def scores_of_all(served: Mapping[str, Any]) -> Scores:
    """Returns the scores of B videos, float64, from the same."""
    by = features.LOG_ODDS_FAKE if features.LOG_ODDS_FAKE in served else features.PROBABILITY_FAKE
    return Scores(_column(served, features.PROBABILITY_FAKE), _column(served, by))


def _column(served: Mapping[str, Any], name: str) -> np.ndarray:
    return np.asarray(served[name])[:, 0].astype(np.float64)
