"""The videos that the exported model is tried on are those whose outputs the Trainer expects."""

import pathlib
import random

import apache_beam as beam
import pytest
import tensorflow as tf

from components import features
from components.examples import read_records, text_feature
from components.frame_feature_gen.transforms import keep_first_videos
from components.trainer.batches import read_first_videos
from components.trainer.local_records import cache_records
from components.video_order import SAMPLE

pytestmark = pytest.mark.e2e


def record(video_id: str) -> bytes:
    example = tf.train.Example()
    feature = example.features.feature
    for name in (features.VIDEO_ID, features.VIDEO_ID_XF):
        feature[name].bytes_list.value.append(video_id.encode())
    feature[features.LABEL_XF].int64_list.value.append(0)
    feature[features.FRAME_FEATURES_XF].float_list.value.append(0.0)
    feature[features.FRAME_MASK_XF].int64_list.value.append(1)
    return example.SerializeToString()


SPECIFICATION = {
    features.VIDEO_ID_XF: tf.io.FixedLenFeature([1], tf.string),
    features.FRAME_FEATURES_XF: tf.io.FixedLenFeature([1], tf.float32),
    features.FRAME_MASK_XF: tf.io.FixedLenFeature([1], tf.int64),
}


def sampled(records: list[bytes], folder: pathlib.Path) -> set[str]:
    """Returns the ids of the videos in the sample that FrameFeatureGen writes."""
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        _ = (
            pipeline
            | beam.Create(records)
            | beam.Reshuffle()
            | keep_first_videos(SAMPLE)
            | beam.io.WriteToTFRecord(str(folder / "sample"), file_name_suffix=".gz")
        )
    written = read_records(str(folder / "sample*")).as_numpy_iterator()
    return {text_feature(tf.train.Example.FromString(each), features.VIDEO_ID) for each in written}


def expected(records: list[bytes], folder: pathlib.Path) -> set[str]:
    """Returns the ids of the videos that the Trainer takes."""
    with tf.io.TFRecordWriter(str(folder / "eval.gz"), "GZIP") as writer:
        for each in records:
            writer.write(each)
    kept = cache_records([str(folder / "eval.gz")], str(folder / "kept"))
    videos = read_first_videos(kept, SPECIFICATION, SAMPLE)
    return {video_id.decode() for video_id in videos[features.VIDEO_ID_XF].ravel()}


@pytest.mark.parametrize("videos", [1, SAMPLE, 3 * SAMPLE])
def test_they_are_the_same_in_whatever_order_the_examples_come(videos, tmp_path):
    records = [record(f"{index}.mp4") for index in range(videos)]
    found = sampled(random.Random(0).sample(records, videos), tmp_path)
    assert found == expected(random.Random(1).sample(records, videos), tmp_path)
    assert len(found) == min(videos, SAMPLE)
