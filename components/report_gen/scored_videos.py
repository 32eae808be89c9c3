"""The videos of the test split and the model's predictions for them."""

import dataclasses
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from components import features
from components.json_lines import read_json_lines
from components.metrics.results import PREDICTIONS_FILE
from components.metrics.scores import Scores, scores_of
from components.report_gen.optional_files import read_if_exists
from components.served_model.training_videos import Known


@dataclasses.dataclass(frozen=True)
class ScoredVideo:
    """One labelled video.

    Attributes:
        video_id: unique.
        uri: relative to the data root.
        label: REAL or FAKE.
        probability_fake: 0 to 1, calibrated.
        frame_scores: one per frame.
        frame_timestamps_s: the time of each frame in seconds; empty if not recorded.
        log_odds_fake: what it is ranked by; None for a model of an earlier version.
    """

    video_id: str
    uri: str
    label: str
    probability_fake: float
    frame_scores: tuple[float, ...]
    frame_timestamps_s: tuple[float, ...]
    log_odds_fake: float | None = None

    @property
    def is_fake(self) -> bool:
        """Whether the label is FAKE."""
        return self.label == features.FAKE

    @property
    def error(self) -> float:
        """How far the probability is from the label, 0 to 1."""
        return 1 - self.probability_fake if self.is_fake else self.probability_fake


def read_scored_videos(video_metrics: str) -> list[ScoredVideo]:
    """Reads the predictions in the artifact folder `video_metrics`, without those for videos the model knew.

    The Evaluator's figures leave out the videos that the model was trained on, and so must everything beside them.
    """
    rows = read_if_exists(read_json_lines, os.path.join(video_metrics, PREDICTIONS_FILE))
    return [_scored(row) for row in rows or [] if not was_trained_on(row)]


def labels_and_scores(videos: Sequence[ScoredVideo]) -> tuple[np.ndarray, Scores]:
    """Labels int64 [N], FAKE = 1, and scores [N]."""
    labels = np.asarray([video.is_fake for video in videos], np.int64)
    return labels, scores_of([video.probability_fake for video in videos], [video.log_odds_fake for video in videos])


def was_trained_on(row: Mapping[str, Any]) -> bool:
    """Whether the model was trained on the video of a row of predictions, which earlier versions did not tell."""
    return Known(row.get("known", Known.UNKNOWN)).was_trained_on


def _scored(row: dict[str, Any]) -> ScoredVideo:
    return ScoredVideo(
        video_id=row["video_id"],
        uri=row.get("uri", row["video_id"]),
        label=row["label"],
        probability_fake=row["probability_fake"],
        frame_scores=tuple(row["frame_scores"]),
        frame_timestamps_s=tuple(row.get("frame_timestamps_s", ())),
        log_odds_fake=row.get("log_odds_fake"),
    )
