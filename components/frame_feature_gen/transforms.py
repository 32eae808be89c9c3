"""The Beam transforms that turn video examples into frame-feature examples and quarantine rows."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from typing import Any

import apache_beam as beam
import cv2
import numpy as np
import tensorflow as tf
from apache_beam.utils.shared import Shared

from components import features
from components.frame_encoder.saved_model import load_encoder
from components.frame_feature_gen.decode import decode_clip
from components.frame_feature_gen.examples import frame_feature_example, pad_frames, text_feature
from components.frame_feature_gen.sampling import Sampling
from components.quarantine import QuarantineRow, VideoError
from components.video_files import join_uri, local_copy

QUARANTINED = "quarantined"
NAMESPACE = "frame_feature_gen"


@dataclasses.dataclass(frozen=True)
class ExtractionSettings:
    """What decides a video's frame features, besides the video."""

    data_root: str
    encoder_path: str
    sampling: Sampling


class ExtractFrameFeatures(beam.DoFn):
    """From (split, serialized video example) to (split, serialized frame-feature example).

    A video that cannot be used gives a `QuarantineRow` under the tag `QUARANTINED` instead.
    """

    def __init__(self, settings: ExtractionSettings, *, one_thread: bool) -> None:
        """Makes the function.

        Args:
            settings: what decides the features.
            one_thread: whether each worker process computes with one thread, as it should where there are as
                many workers as cores.
        """
        self._settings = settings
        self._one_thread = one_thread
        self._shared = Shared()
        self._encode: Callable[[np.ndarray], np.ndarray] | None = None
        self._extracted = beam.metrics.Metrics.counter(NAMESPACE, "extracted")
        self._quarantined = beam.metrics.Metrics.counter(NAMESPACE, "quarantined")

    def setup(self) -> None:
        """Loads the encoder, once for all threads of a process."""
        if self._one_thread:
            cv2.setNumThreads(1)
            tf.config.threading.set_intra_op_parallelism_threads(1)
            tf.config.threading.set_inter_op_parallelism_threads(1)
        path = self._settings.encoder_path
        self._encode = self._shared.acquire(lambda: load_encoder(path), tag=path)

    def process(self, element: tuple[str, bytes]) -> Iterator[Any]:
        """Decodes and encodes one video."""
        split, record = element
        video = tf.train.Example.FromString(record)
        try:
            example = self._extract(video)
        except VideoError as error:
            self._quarantined.inc()
            yield beam.pvalue.TaggedOutput(QUARANTINED, _row(video, error))
        else:
            self._extracted.inc()
            yield split, example.SerializeToString()

    def _extract(self, video: tf.train.Example) -> tf.train.Example:
        assert self._encode is not None, "setup() loads the encoder"
        uri = join_uri(self._settings.data_root, text_feature(video, features.URI))
        with local_copy(uri) as path:
            clip = decode_clip(path, sampling=self._settings.sampling, frames=features.FRAMES, size=features.FRAME_SIZE)
        return frame_feature_example(video, clip, self._encode(pad_frames(clip, features.FRAMES)))


def to_json_line(row: QuarantineRow) -> str:
    """One line of `quarantine.jsonl`."""
    return json.dumps(dataclasses.asdict(row), ensure_ascii=False)


def _row(video: tf.train.Example, error: VideoError) -> QuarantineRow:
    return QuarantineRow(
        video_id=text_feature(video, features.VIDEO_ID),
        uri=text_feature(video, features.URI),
        stage="decode",
        reason=error.reason.value,
        detail=error.detail,
    )
