"""Scores any number of videos with Beam."""

from collections.abc import Callable, Iterator, Sequence

import apache_beam as beam
import pydantic
import tensorflow as tf
from apache_beam.utils.shared import Shared

from components import features
from components.examples import text_feature
from components.frame_feature_gen.settings import ExtractionSettings
from components.frame_feature_gen.transforms import QUARANTINED
from components.json_lines import json_line
from components.served_model.folder import ModelFolder
from components.served_model.loaded_model import ServedModel
from components.served_model.scored import Scored
from components.submission_gen.rows import Row
from components.submission_gen.scorer import Scorer, without_features
from pipeline.runners.beam.extraction import extract_by_beam

_BATCH = 16


def score_by_beam(
    videos: Sequence[str],
    model: ModelFolder,
    settings: ExtractionSettings,
    scorer: Scorer,
    *,
    workers: int,
    beam_args: Sequence[str],
    report_progress: Callable[[str], None],
) -> list[Row]:
    """Like `score_videos`, with Beam in any case."""
    # Otherwise every worker would report a damaged model, as an error of Beam.
    ServedModel(model.path)

    def lines(extracted: beam.pvalue.DoOutputsTuple) -> beam.PCollection:
        scored = (
            extracted.features
            | beam.Values()
            | beam.BatchElements(min_batch_size=1, max_batch_size=_BATCH)
            | beam.ParDo(_Score(model.path))
            | beam.GroupByKey()
            | beam.MapTuple(lambda uri, clips: scorer.scored(*zip(*clips, strict=True)))
        )
        unscored = extracted[QUARANTINED] | beam.Map(scorer.unscored)
        return (scored, unscored) | beam.Flatten() | beam.Map(json_line)

    rows = extract_by_beam(
        videos, settings, lines, workers=workers, beam_args=beam_args, report_progress=report_progress
    )
    return pydantic.TypeAdapter(list[Row]).validate_python(rows)


class _Score(beam.DoFn):
    def __init__(self, path: str) -> None:
        self._path = path
        self._shared = Shared()
        self._model: ServedModel | None = None

    def teardown(self) -> None:
        """Releases the model."""
        self._model = None

    def process(self, records: Sequence[bytes]) -> Iterator[tuple[str, tuple[bytes, Scored]]]:
        """Scores a batch of serialized frame-feature examples; yields their videos' uris, and what a row needs."""
        if self._model is None:
            # Not in setup(), which may run before the extraction's, which must set TensorFlow's threads first.
            self._model = self._shared.acquire(lambda: ServedModel(self._path), tag=self._path)
        for record, scored in zip(records, self._model.score(records), strict=True):
            uri = text_feature(tf.train.Example.FromString(record), features.URI)
            yield uri, (without_features(record), scored)
