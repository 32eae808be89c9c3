"""Scores any number of videos by Beam."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.utils.shared import Shared

from components.frame_feature_gen.extraction import ExtractionSettings
from components.frame_feature_gen.progress import progress_told
from components.frame_feature_gen.transforms import extract_frame_features, release_encoder
from pipeline.extraction import to_record
from pipeline.runners.beam_args import extraction_beam_args
from pipeline.score.model import ModelFolder, ServedModel
from pipeline.score.rows import Row, Scorer, to_json_line

_BATCH = 16


def score_by_beam(
    videos: Sequence[str],
    model: ModelFolder,
    settings: ExtractionSettings,
    scorer: Scorer,
    *,
    workers: int,
    tell: Callable[[str], None],
) -> list[Row]:
    """As `score_videos`."""
    # Else a damaged model would be told by each worker, in Beam's words.
    ServedModel(model.path)
    options = PipelineOptions(extraction_beam_args(workers, ()))
    with tempfile.TemporaryDirectory(prefix="deepfake-score-") as folder:
        progress_dir, lines = os.path.join(folder, "progress"), os.path.join(folder, "rows.jsonl")
        os.mkdir(progress_dir)
        with progress_told(progress_dir, len(videos), tell), beam.Pipeline(options=options) as pipeline:
            extracted, refused, _ = (
                pipeline
                | beam.Create(videos)
                | beam.Reshuffle()
                | "Probe" >> beam.Map(to_record)
                | extract_frame_features(settings, one_thread=workers > 1, progress_dir=progress_dir)
            )
            scored = (
                extracted
                | beam.Values()
                | beam.BatchElements(min_batch_size=1, max_batch_size=_BATCH)
                | beam.ParDo(_Score(model.path, scorer))
            )
            unscored = refused | beam.Map(scorer.unscored)
            _ = (
                (scored, unscored)
                | beam.Flatten()
                | beam.Map(to_json_line)
                | beam.io.WriteToText(lines, num_shards=1, shard_name_template="")
            )
        release_encoder()
        with open(lines, encoding="utf-8") as file:
            found = [Row(**json.loads(line)) for line in file]
    positions = {uri: position for position, uri in enumerate(videos)}
    return sorted(found, key=lambda row: positions[row.uri])


class _Score(beam.DoFn):
    def __init__(self, path: str, scorer: Scorer) -> None:
        self._path = path
        self._scorer = scorer
        self._shared = Shared()
        self._model: ServedModel | None = None

    def teardown(self) -> None:
        """Lets go of the model."""
        self._model = None

    def process(self, records: Sequence[bytes]) -> Iterator[Row]:
        """Scores a batch of serialized frame-feature examples."""
        if self._model is None:
            # Not in setup(), which may come before that of the extraction, who tells TensorFlow its threads first.
            self._model = self._shared.acquire(lambda: ServedModel(self._path), tag=self._path)
        for record, probability, frame_scores in zip(records, *self._model.score(records), strict=True):
            yield self._scorer.scored(record, probability, frame_scores)
