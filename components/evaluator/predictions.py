"""A model's predictions for the videos of a split."""

import dataclasses
import itertools
import os
from collections.abc import Iterator, Sequence

import tensorflow as tf

from components import features
from components.examples import read_records, text_feature
from components.json_lines import read_typed_rows, write_json_lines
from components.loadable_folder import loadable_folder
from components.metrics.facts import facts
from components.metrics.results import PREDICTIONS_FILE
from components.served_model.scored import Scored, scored_videos
from components.served_model.training_videos import Known

_BATCH = 64


@dataclasses.dataclass(frozen=True)
class Prediction:
    """One labelled video and the model's output for it.

    Attributes:
        content_digest: of its file; empty if unknown, as in files of earlier versions.
        known: whether the model was trained on it, a value of `Known`.
        log_odds_fake: what it is ranked by; None if the model does not tell, as those of earlier versions.
        probability_std: how far the members of the model are apart; None likewise.
    """

    video_id: str
    uri: str
    group_id: str
    label: str
    probability_fake: float
    frame_scores: list[float]
    frame_timestamps_s: list[float]
    synthetic: bool
    facts: dict[str, str]
    content_digest: str = ""
    known: str = Known.UNKNOWN.value
    log_odds_fake: float | None = None
    probability_std: float | None = None


def predict(model_path: str, file_patterns: Sequence[str]) -> Iterator[Prediction]:
    """Scores frame-feature examples (gzipped TFRecords) with the served model's `serving_default`."""
    model = tf.saved_model.load(loadable_folder(model_path))
    serve = model.signatures["serving_default"]
    for batch in read_records(*file_patterns).batch(_BATCH):
        yield from itertools.starmap(_prediction, zip(batch.numpy(), scored_videos(serve(batch)), strict=True))


def write_predictions(folder: str, predictions: Sequence[Prediction]) -> None:
    """Writes one JSON object per line."""
    write_json_lines(os.path.join(folder, PREDICTIONS_FILE), predictions)


def read_predictions(folder: str) -> list[Prediction]:
    """Reads what `write_predictions` wrote to `folder`."""
    return read_typed_rows(os.path.join(folder, PREDICTIONS_FILE), Prediction)


def _prediction(record: bytes, scored: Scored) -> Prediction:
    example = tf.train.Example.FromString(record)
    feature = example.features.feature

    def text(name: str) -> str:
        return feature[name].bytes_list.value[0].decode()

    frames = sum(feature[features.FRAME_MASK].int64_list.value)
    return Prediction(
        video_id=text(features.VIDEO_ID),
        uri=text(features.URI),
        group_id=text(features.GROUP_ID),
        label=text(features.LABEL),
        probability_fake=scored.probability,
        frame_scores=[float(score) for score in scored.frame_scores[:frames]],
        frame_timestamps_s=[round(time, 3) for time in feature[features.FRAME_TIMESTAMPS_S].float_list.value[:frames]],
        synthetic=features.SYNTHETIC in feature and text(features.SYNTHETIC) == "true",
        facts=facts(example),
        content_digest=text_feature(example, features.CONTENT_DIGEST),
        log_odds_fake=scored.log_odds,
        probability_std=scored.probability_std,
    )
