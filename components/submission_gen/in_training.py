"""Whether a model was trained on the videos that it scores."""

import collections
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Final

from components.served_model.training_videos import Known, TrainingVideos
from components.submission_gen.rows import InTraining, KnownBy, Row

GROUP_BY: Final = "original"
"""What groups of videos to be scored are made by, where labels tell them."""

_ANSWERS: Final[dict[Known, tuple[InTraining, KnownBy]]] = {
    Known.DIGEST: ("true", "digest"),
    Known.GROUP: ("true", "group"),
    Known.NO: ("false", ""),
    Known.UNKNOWN: ("unknown", ""),
}
_IN_WORDS: Final[dict[tuple[InTraining, KnownBy], str]] = {
    ("true", "digest"): "the model was trained on this very file, so that its score proves nothing",
    ("true", "group"): "the model was trained on a video of its group, such as its original; its score proves little",
    ("false", ""): "the model was not trained on this file",
    ("unknown", ""): "unknown is whether the model was trained on it",
}
_NOT_IN_IT: Final[dict[InTraining, str]] = {"false": "not", "unknown": "unknown"}


def mark_rows(rows: Sequence[Row], training: TrainingVideos, groups: Mapping[str, str]) -> list[Row]:
    """Returns the rows with what is known of each video's part in the training.

    Args:
        rows: of one model.
        training: the videos that it was trained on.
        groups: of videos, by uri, where labels tell them.
    """
    found = training.find([row.content_digest for row in rows], [groups.get(row.uri, "") for row in rows], GROUP_BY)
    return [
        dataclasses.replace(row, in_training=in_training, known_by=known_by)
        for row, (in_training, known_by) in zip(rows, map(_ANSWERS.__getitem__, found), strict=True)
    ]


def in_words(row: Row) -> str:
    """Says of a video whether it was in the training."""
    return _IN_WORDS[row.in_training, row.known_by]


def all_in_words(rows: Sequence[Row]) -> str:
    """Says how many videos were in the training, and by what that is known."""
    counts = collections.Counter((row.in_training, row.known_by) for row in rows)
    same, related = counts["true", "digest"], counts["true", "group"]
    told = []
    if same or related:
        told.append(
            f"{same + related:,} in the model's training ({same:,} the same file, {related:,} of a training group)"
        )
    told += [f"{counts[answer, '']:,} {word}" for answer, word in _NOT_IN_IT.items() if counts[answer, ""]]
    return ", ".join(told)


def count_in_training(rows: Sequence[Row]) -> dict[str, int]:
    """Counts the videos by what `in_training` says of them."""
    counts = collections.Counter(row.in_training for row in rows)
    return {answer: counts[answer] for answer in ("true", "false", "unknown")}
