"""The Beam transforms that turn video examples into frame-feature examples and record their outcomes."""

import concurrent.futures
import dataclasses
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import apache_beam as beam
import tensorflow as tf
from apache_beam.metrics import Metrics
from apache_beam.options.pipeline_options import DirectOptions
from apache_beam.utils.shared import Shared

from components import features
from components.examples import is_added, is_variant, text_feature
from components.frame_feature_gen.augmentation import add_augmented
from components.frame_feature_gen.extraction import Extracted, FrameExtractor
from components.frame_feature_gen.extraction_progress import count_video
from components.frame_feature_gen.outcome import Outcome, State
from components.frame_feature_gen.settings import ExtractionSettings
from components.quarantine import QuarantineRow
from components.served_model.encoder import load_encoder
from components.video_order import video_order

QUARANTINED = "quarantined"
OUTCOMES = "outcomes"
# Videos per worker batch; all but the first are decoded while another is encoded.
_BATCH = 16


@beam.ptransform_fn
def extract_frame_features(
    records: beam.PCollection,
    settings: ExtractionSettings,
    *,
    progress_dir: str,
    self_blended: int = 0,
    recompressed: int = 0,
    main_face: bool = False,
) -> beam.pvalue.DoOutputsTuple:
    """Maps (split, serialized video example) to (split, serialized frame-feature example) of each clip, as main output.

    A video that cannot be used yields a `QuarantineRow` under the tag `QUARANTINED` instead. Every video yields an
    `Outcome` under the tag `OUTCOMES` and is counted in Beam metrics of the namespace `frame_feature_gen`.

    Args:
        records: of all splits.
        settings: what determines the features, and the limits of decoding.
        progress_dir: local folder in which the videos are counted.
        self_blended: how many pseudo-fakes are made of each REAL video of the train split. They have outcomes but are
            never quarantined; an unusable source is.
        recompressed: how many recompressed variants are made of each video of the train split, pseudo-fakes included.
        main_face: whether of several faces in a window only the largest has an example.
    """
    if self_blended or recompressed:
        records = records | "Augment" >> beam.FlatMap(
            add_augmented, self_blended=self_blended, recompressed=recompressed
        )
    # There is one worker per core.
    one_thread = records.pipeline.options.view_as(DirectOptions).direct_running_mode == "multi_processing"
    return (
        records
        | beam.Reshuffle()
        | beam.BatchElements(min_batch_size=_BATCH, max_batch_size=_BATCH)
        | beam.ParDo(_Extract(settings, one_thread, progress_dir, main_face)).with_outputs(
            QUARANTINED, OUTCOMES, main="features"
        )
    )


@beam.ptransform_fn
def keep_first_videos(records: beam.PCollection, count: int) -> beam.PCollection:
    """Keeps the first `count` serialized examples in `video_order`."""
    return records | beam.combiners.Top.Smallest(count, key=_order) | beam.FlatMap(lambda first: first)


def release_encoder() -> None:
    """Releases the encoder that Beam keeps alive in this process for the next pipeline."""
    Shared().acquire(lambda: None)


class _Extract(beam.DoFn):
    def __init__(self, settings: ExtractionSettings, one_thread: bool, progress_dir: str, main_face: bool) -> None:
        self._settings = settings
        self._one_thread = one_thread
        self._progress_dir = progress_dir
        self._main_face = main_face
        self._shared = Shared()
        self._extractor: FrameExtractor | None = None

    def setup(self) -> None:
        """Loads the encoder, once for all threads of a process; each has a decoder of its own."""
        if self._one_thread:
            tf.config.threading.set_intra_op_parallelism_threads(1)
            tf.config.threading.set_inter_op_parallelism_threads(1)
        path = self._settings.encoder_path
        pool = concurrent.futures.ThreadPoolExecutor(1)
        # The first video is decoded in the meantime.
        loading = pool.submit(self._shared.acquire, lambda: load_encoder(path), path)
        pool.shutdown(wait=False)
        self._extractor = FrameExtractor(self._settings, encode=lambda frames: loading.result()(frames))

    def teardown(self) -> None:
        """Releases the encoder and ends the decoder's process."""
        if self._extractor:
            self._extractor.decoder.close()
        self._extractor = None

    def process(self, batch: Sequence[tuple[str, bytes]]) -> Iterator[Any]:
        """Extracts the features of a batch of videos."""
        assert self._extractor is not None, "setup() makes it"
        videos = [tf.train.Example.FromString(record) for _, record in batch]
        for (split, _), video, result in zip(batch, videos, self._extractor.extract(videos), strict=True):
            if is_added(video) and isinstance(result, QuarantineRow):
                logging.warning("%s was not made: %s", result.video_id, result.detail)
                continue
            if self._main_face and isinstance(result, Extracted):
                result = dataclasses.replace(result, examples=[each for each in result.examples if _is_main(each)])
            outcome = _outcome(split, result)
            Metrics.counter("frame_feature_gen", outcome.state).inc()
            if not is_added(video):
                count_video(self._progress_dir, outcome.state)
            yield beam.pvalue.TaggedOutput(OUTCOMES, outcome)
            if isinstance(result, Extracted):
                for example in result.examples:
                    yield split, example.SerializeToString()
            else:
                yield beam.pvalue.TaggedOutput(QUARANTINED, result)


def _outcome(split: str, result: Extracted | QuarantineRow) -> Outcome:
    if isinstance(result, QuarantineRow):
        return Outcome(split, result.uri, "quarantined", reason=result.reason, detail=result.detail)
    first = result.examples[0]
    return Outcome(
        split,
        text_feature(first, features.URI),
        _state(result),
        frames=sum(each.features.feature[features.FRAMES_DECODED].int64_list.value[0] for each in result.examples),
        clips=len(result.examples),
        truncated=result.truncated,
        face_status=text_feature(first, features.FACE_STATUS),
        kept=result.kept,
    )


def _is_main(example: tf.train.Example) -> bool:
    return example.features.feature[features.FACE_TRACK].int64_list.value[0] <= 1


def _state(result: Extracted) -> State:
    if is_added(result.examples[0]):
        return "recompressed" if is_variant(result.examples[0]) else "self_blended"
    return "decoded" if result.decoded else "cached"


def _order(record: bytes) -> tuple[int, bytes]:
    return video_order(tf.train.Example.FromString(record).features.feature[features.VIDEO_ID].bytes_list.value[0])
