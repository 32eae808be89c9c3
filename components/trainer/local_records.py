"""The transformed examples on the trainer's local disk, in an order that does not depend on how they were written."""

import contextlib
import dataclasses
import hashlib
import itertools
import os
from collections.abc import Sequence
from typing import NamedTuple

import tensorflow as tf

from components.examples import read_records
from components.features import LABEL_XF, VIDEO_ID_XF
from components.trainer.trained_examples import Counts, is_given, is_trained_on
from components.video_order import BUCKETS, video_order


@dataclasses.dataclass(frozen=True)
class LocalRecords:
    """Uncompressed TFRecord files of transformed examples.

    Attributes:
        files: in order; some may be empty.
        count: the number of records.
        digest: of all records in order.
        trained: the records by label.
        given: the videos of the data set that were read, by label, whether they are trained on or not.
        read: how many records were read.
    """

    files: list[str]
    count: int
    digest: str
    trained: Counts
    given: Counts
    read: int


def cache_records(file_patterns: Sequence[str], folder: str, *, given_fakes: float = 1.0) -> LocalRecords:
    """Copies gzipped TFRecord files of transformed examples to `folder`, uncompressed, in `video_order`.

    Without those that are not trained on, see `is_trained_on`.

    Beam writes records in a different order each time; in a fixed order the same seed yields the same model. And
    decompression would take longer than the training steps, in every epoch.
    """
    os.makedirs(folder, exist_ok=True)
    # Each is sorted in memory: with 100,000 videos, a bucket takes a quarter of a gigabyte.
    paths = [os.path.join(folder, f"{bucket:02d}.tfrecord") for bucket in range(BUCKETS)]
    read, given = 0, [0, 0]
    with contextlib.ExitStack() as stack:
        writers = [stack.enter_context(tf.io.TFRecordWriter(path)) for path in paths]
        for record in read_records(*file_patterns).as_numpy_iterator():
            facts = _read_facts(record)
            read += 1
            given[facts.fake] += is_given(facts.video_id)
            if is_trained_on(facts.video_id, fake=bool(facts.fake), given_fakes=given_fakes):
                writers[facts.order[0]].write(record)
    trained, digest = [0, 0], hashlib.sha256()
    # One dataset over all files, since opening a short file takes longer than reading it.
    kept = tf.data.TFRecordDataset(paths)
    pairs = ((_read_facts(record), record) for record in kept.as_numpy_iterator())
    for bucket, members in itertools.groupby(pairs, key=lambda pair: pair[0].order[0]):
        ordered = sorted(members, key=lambda pair: pair[0].order)
        with tf.io.TFRecordWriter(f"{paths[bucket]}.sorted") as writer:
            for facts, record in ordered:
                writer.write(record)
                digest.update(hashlib.sha256(record).digest())
                trained[facts.fake] += 1
        os.replace(f"{paths[bucket]}.sorted", paths[bucket])
    return LocalRecords(paths, sum(trained), digest.hexdigest(), Counts(*trained), Counts(*given), read)


class _Facts(NamedTuple):
    """The fields of a record that are needed; keeping the whole parsed record would double the memory."""

    order: tuple[int, bytes]
    video_id: bytes
    fake: int


def _read_facts(record: bytes) -> _Facts:
    feature = tf.train.Example.FromString(record).features.feature
    video_id = feature[VIDEO_ID_XF].bytes_list.value[0]
    return _Facts(video_order(video_id), video_id, feature[LABEL_XF].int64_list.value[0])
