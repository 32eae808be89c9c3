"""The score of each video by the model of a fold that held it out, and the file of these scores."""

import dataclasses
import os
from collections.abc import Sequence
from typing import Final

from components.json_lines import read_typed_rows, write_json_lines

OUT_OF_FOLD_FILE: Final = "out_of_fold.jsonl"
"""The fields of `OutOfFold`, one video per line."""


@dataclasses.dataclass(frozen=True)
class OutOfFold:
    """One video, scored by a model that was trained, stopped and calibrated without its fold.

    Attributes:
        video_id: of the video.
        uri: relative to the data root.
        group_id: its group.
        label: REAL or FAKE.
        split: in the run.
        fold: the fold that holds it, from 1.
        probability_fake: calibrated.
        threshold: of the fold's model.
        inconclusive_band: of the fold's model.
        synthetic: whether the video is.
        facts: for slices.
        log_odds_fake: calibrated, what it is ranked by; None in files of earlier versions.
    """

    video_id: str
    uri: str
    group_id: str
    label: str
    split: str
    fold: int
    probability_fake: float
    threshold: float
    inconclusive_band: tuple[float, float] | None
    synthetic: bool
    facts: dict[str, str]
    log_odds_fake: float | None = None


def write_out_of_fold(folder: str, scores: Sequence[OutOfFold]) -> None:
    """Writes one JSON object per line."""
    write_json_lines(os.path.join(folder, OUT_OF_FOLD_FILE), scores)


def read_out_of_fold(folder: str) -> list[OutOfFold]:
    """Reads what `write_out_of_fold` wrote to `folder`."""
    return read_typed_rows(os.path.join(folder, OUT_OF_FOLD_FILE), OutOfFold)
