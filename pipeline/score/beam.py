"""Scores any number of videos with Beam."""

import itertools
from collections.abc import Callable, Iterator, Sequence

import apache_beam as beam
from apache_beam.utils.shared import Shared

from components.frame_feature_gen.settings import ExtractionSettings
from components.frame_feature_gen.transforms import QUARANTINED
from components.json_lines import json_line
from components.served_model.folder import ModelFolder
from components.served_model.loaded_model import ServedModel
from components.submission_gen.rows import Row, Scorer
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
            | beam.ParDo(_Score(model.path, scorer))
        )
        unscored = extracted[QUARANTINED] | beam.Map(scorer.unscored)
        return (scored, unscored) | beam.Flatten() | beam.Map(json_line)

    rows = extract_by_beam(
        videos, settings, lines, workers=workers, beam_args=beam_args, report_progress=report_progress
    )
    return [Row(**row) for row in rows]


class _Score(beam.DoFn):
    def __init__(self, path: str, scorer: Scorer) -> None:
        self._path = path
        self._scorer = scorer
        self._shared = Shared()
        self._model: ServedModel | None = None

    def teardown(self) -> None:
        """Releases the model."""
        self._model = None

    def process(self, records: Sequence[bytes]) -> Iterator[Row]:
        """Scores a batch of serialized frame-feature examples."""
        if self._model is None:
            # Not in setup(), which may run before the extraction's, which must set TensorFlow's threads first.
            self._model = self._shared.acquire(lambda: ServedModel(self._path), tag=self._path)
        yield from itertools.starmap(self._scorer.scored, zip(records, self._model.score(records), strict=True))
