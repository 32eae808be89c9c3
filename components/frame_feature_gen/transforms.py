"""The Beam transform that turns video examples into frame-feature examples and quarantine rows."""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from typing import Any

import apache_beam as beam
import tensorflow as tf
from apache_beam.metrics import Metrics
from apache_beam.utils.shared import Shared

from components.frame_feature_gen.extraction import Extracted, ExtractionSettings, FrameExtractor
from components.quarantine import QuarantineRow

QUARANTINED = "quarantined"
COUNTS = "counts"
DECODED, CACHED, TRUNCATED = "decoded", "cached", "truncated"
"""What is counted, of each split: videos decoded or found in the cache, and those of both that are truncated."""


class ExtractFrameFeatures(beam.DoFn):
    """From batches of (split, serialized video example) to (split, serialized frame-feature example).

    A video that cannot be used gives a `QuarantineRow` under the tag `QUARANTINED` instead. What is counted comes as
    (split, name) under the tag `COUNTS`, and as Beam metrics of the namespace `frame_feature_gen`.
    """

    def __init__(self, settings: ExtractionSettings, *, one_thread: bool) -> None:
        """Makes the function.

        Args:
            settings: what decides the features, and what they may cost.
            one_thread: whether each worker process computes with one thread, as it should where there are as
                many workers as cores.
        """
        self._settings = settings
        self._one_thread = one_thread
        self._shared = Shared()
        self._extractor: FrameExtractor | None = None

    def setup(self) -> None:
        """Loads the encoder, once for all threads of a process."""
        if self._one_thread:
            tf.config.threading.set_intra_op_parallelism_threads(1)
            tf.config.threading.set_inter_op_parallelism_threads(1)
        self._extractor = self._shared.acquire(lambda: FrameExtractor(self._settings), tag=self._settings)

    def process(self, batch: Sequence[tuple[str, bytes]]) -> Iterator[Any]:
        """Extracts the features of a batch of videos."""
        assert self._extractor is not None, "setup() makes it"
        videos = [tf.train.Example.FromString(record) for _, record in batch]
        for (split, _), result in zip(batch, self._extractor.extract(videos), strict=True):
            if isinstance(result, Extracted):
                yield split, result.example.SerializeToString()
                yield _counted(split, DECODED if result.decoded else CACHED)
                if result.truncated:
                    yield _counted(split, TRUNCATED)
            else:
                yield beam.pvalue.TaggedOutput(QUARANTINED, result)
                _count(QUARANTINED)


def _counted(split: str, name: str) -> beam.pvalue.TaggedOutput:
    _count(name)
    return beam.pvalue.TaggedOutput(COUNTS, (split, name))


def _count(name: str) -> None:
    Metrics.counter("frame_feature_gen", name).inc()


def to_json_line(row: QuarantineRow) -> str:
    """One line of `quarantine.jsonl`."""
    return json.dumps(dataclasses.asdict(row), ensure_ascii=False)
