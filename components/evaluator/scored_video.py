"""What is needed of a video to measure a model, and to judge it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from components.metrics.scores import Scores, scores_of


class ScoredVideo(Protocol):
    """A labelled video and its score: a prediction for the test split, or an out-of-fold score."""

    @property
    def video_id(self) -> str:
        """Unique."""

    @property
    def group_id(self) -> str:
        """Its group."""

    @property
    def label(self) -> str:
        """REAL or FAKE."""

    @property
    def probability_fake(self) -> float:
        """Its score."""

    @property
    def log_odds_fake(self) -> float | None:
        """What it is ranked by; None if the model does not tell, as those of earlier versions."""

    @property
    def synthetic(self) -> bool:
        """Whether it was drawn."""

    @property
    def facts(self) -> Mapping[str, str]:
        """Slice values by column."""


def scores_of_videos(videos: Sequence[ScoredVideo]) -> Scores:
    """Returns the scores of N videos, as `scores_of` does."""
    return scores_of([video.probability_fake for video in videos], [video.log_odds_fake for video in videos])
