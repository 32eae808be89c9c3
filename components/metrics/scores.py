"""A model's scores of videos."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from components.metrics.names import RANKED


@dataclasses.dataclass(frozen=True)
class Scores:
    """A model's scores of N videos.

    Attributes:
        probabilities: of FAKE, calibrated and clipped, float [N], or [N, K] if each video has K of them.
        ranks: what the videos are ranked by, of the same shape: log odds, which tell apart what float32 rounds to one
            probability near 0 and 1, or the probabilities of a model that has none.
    """

    probabilities: np.ndarray
    ranks: np.ndarray

    def of(self, members: np.ndarray) -> "Scores":
        """The scores of some of the videos: `members` are indices, or bool [N]."""
        return Scores(self.probabilities[members], self.ranks[members])

    def for_metric(self, metric: str) -> np.ndarray:
        """What the metric takes: ranks or probabilities."""
        return self.ranks if metric in RANKED else self.probabilities


def scores_of(probabilities: Sequence[float], log_odds: Sequence[float | None]) -> Scores:
    """Returns the scores of N videos, float64; if the log odds of any are unknown, they rank by their probabilities."""
    known = [each for each in log_odds if each is not None]
    values = np.asarray(probabilities, np.float64)
    return Scores(values, np.asarray(known, np.float64) if len(known) == len(values) else values)


def join(parts: Sequence[Scores]) -> Scores:
    """Returns the scores of all videos of the parts."""
    return Scores(
        np.concatenate([each.probabilities for each in parts]), np.concatenate([each.ranks for each in parts])
    )


def side_by_side(scores: Sequence[Scores]) -> Scores:
    """Returns K scores of each of N videos, [N, K]."""
    return Scores(
        np.stack([each.probabilities for each in scores], axis=1), np.stack([each.ranks for each in scores], axis=1)
    )
