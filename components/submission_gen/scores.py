"""Builds one row per video from predictions and quarantine, and summarises them."""

import collections
import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2

from components import features
from components.examples import read_records, text_feature
from components.metrics.decision_rule import DecisionRule
from components.quarantine import QuarantineRow
from components.served_model.scored import Scored, scored_videos
from components.submission_gen.caution import count_cautions
from components.submission_gen.in_training import count_in_training
from components.submission_gen.metrics import LabelledScore, Truth, labelled_figures
from components.submission_gen.rows import Row
from components.submission_gen.scorer import Scorer, without_features
from components.submission_gen.submission import Submission
from components.submission_gen.verdict import Verdict
from components.uris import join_uri


@dataclasses.dataclass(frozen=True)
class Video:
    """A video to be scored.

    Attributes:
        uri: relative to the data root.
        truth: its label; None if it has none.
        synthetic: whether it is a synthetic video.
    """

    uri: str
    truth: Truth | None
    synthetic: bool


def read_videos(file_pattern: str) -> list[Video]:
    """Reads video examples, gzipped TFRecords, sorted by uri."""
    examples = map(tf.train.Example.FromString, read_records(file_pattern).as_numpy_iterator())
    return sorted(map(_video, examples), key=lambda video: video.uri)


def scored_rows(file_pattern: str, scorer: Scorer) -> Iterator[tuple[Row, int]]:
    """Yields the row of each video, and its number of clips, from the gzipped PredictionLogs of BulkInferrer.

    Raises:
        ValueError: if a clip is there twice.
    """
    clips: dict[str, dict[str, tuple[bytes, Scored]]] = collections.defaultdict(dict)
    for record in read_records(file_pattern).as_numpy_iterator():
        log = prediction_log_pb2.PredictionLog.FromString(record).predict_log
        (given,) = log.request.inputs.values()
        outputs = {name: tf.make_ndarray(tensor) for name, tensor in log.response.outputs.items()}
        (scored,) = scored_videos(outputs)
        example = without_features(given.string_val[0])
        uri, clip = (
            text_feature(tf.train.Example.FromString(example), name) for name in (features.URI, features.CLIP_ID)
        )
        if clip in clips[uri]:
            raise ValueError(f"{clip or uri!r} was predicted twice: the predictions are not whole")
        clips[uri][clip] = example, scored
    for of_video in clips.values():
        yield scorer.scored(*zip(*of_video.values(), strict=True)), len(of_video)


def gather_rows(
    videos: Sequence[Video],
    scored: Iterable[Row],
    refused: Iterable[QuarantineRow],
    scorer: Scorer,
    data_root: str,
) -> list[Row]:
    """Returns the rows in the order of the videos, with their uris joined to `data_root`.

    Raises:
        ValueError: if a video does not have exactly one row.
    """
    rows = collections.defaultdict(list)
    for row in (*scored, *map(scorer.unscored, refused)):
        rows[row.uri].append(dataclasses.replace(row, uri=join_uri(data_root, row.uri)))
    wanted = collections.Counter(video.uri for video in videos)
    odd = [uri for uri in {**wanted, **rows} if wanted[uri] != len(rows[uri])]
    if odd:
        raise ValueError(
            f"{len(odd)} of {len(videos)} videos have not exactly one row, such as {odd[0]!r}, which has "
            f"{len(rows[odd[0]])}: the features or the predictions are not whole"
        )
    return [row for video in videos for row in rows[video.uri]]


def outcome(
    videos: Sequence[Video], rows: Sequence[Row], submission: Submission, decision_rule: DecisionRule
) -> dict[str, Any]:
    """Summarises the rows: counts, gaps in the submission, and figures if there are labels.

    Args:
        videos: the videos to be scored.
        rows: their rows, in the same order.
        submission: filled in with these rows.
        decision_rule: of the model.
    """
    labelled = [(video.truth, row) for video, row in zip(videos, rows, strict=True) if video.truth]
    scored = [
        LabelledScore(truth, row.probability, known=row.in_training == "true")
        for truth, row in labelled
        if row.probability is not None
    ]
    figures = labelled_figures(scored, len(labelled) - len(scored), decision_rule)
    return {
        "videos": len(rows),
        "verdicts": {verdict.value: sum(row.verdict == verdict for row in rows) for verdict in Verdict},
        "reasons": dict(collections.Counter(row.reason for row in rows if row.reason)),
        "cautions": count_cautions(row.caution for row in rows),
        "synthetic": any(video.synthetic for video in videos),
        "submission": {
            "missing": list(submission.missing),
            "unscored": list(submission.unscored),
            "extra": list(submission.extra),
        },
        "in_training": count_in_training(rows),
        "figures": {
            name: _numbers(value) if name in ("metrics", "with_known") else value
            for name, value in dataclasses.asdict(figures).items()
        }
        if figures
        else None,
    }


def groups_of(videos: Iterable[Video]) -> dict[str, str]:
    """Returns the groups of the labelled videos, by uri; a video without a label may share the name of a group."""
    return {video.uri: video.truth.group for video in videos if video.truth}


def _numbers(found: Mapping[str, Mapping[str, float]] | None) -> dict[str, dict[str, float | None]] | None:
    if found is None:
        return None
    # JSON has no NaN, which stands for undefined.
    return {
        name: {end: None if value != value else value for end, value in estimate.items()}
        for name, estimate in found.items()
    }


def _video(example: tf.train.Example) -> Video:
    label = text_feature(example, features.LABEL)
    return Video(
        uri=text_feature(example, features.URI),
        truth=Truth(label, text_feature(example, features.GROUP_ID)) if label else None,
        synthetic=text_feature(example, features.SYNTHETIC) == "true",
    )
