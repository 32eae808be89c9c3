"""What is needed of a video to measure a model, and to judge it."""

from collections.abc import Mapping
from typing import Protocol


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
    def synthetic(self) -> bool:
        """Whether it was drawn."""

    @property
    def facts(self) -> Mapping[str, str]:
        """Slice values by column."""
