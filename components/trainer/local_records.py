"""The transformed examples on the trainer's own disk, in an order that does not depend on who wrote them."""

import contextlib
import hashlib
import os
from collections.abc import Iterator, Sequence

import tensorflow as tf

from components.features import VIDEO_ID_XF

# Each is sorted in memory: of 100,000 videos, one in 64 is a quarter of a gigabyte.
_BUCKETS = 64


def keep_records(file_patterns: Sequence[str], folder: str) -> tuple[list[str], int]:
    """Copies gzipped TFRecord files of transformed examples to `folder`, unzipped, ordered by hash of video.

    Beam writes records in another order each time; with this one the same seed gives the same model. And gunzip
    would cost more than a step of the model, in every epoch.

    Returns:
        The local files, in order, and the number of records.
    """
    tf.io.gfile.makedirs(folder)
    paths = [os.path.join(folder, f"{bucket:02d}.tfrecord") for bucket in range(_BUCKETS)]
    with contextlib.ExitStack() as stack:
        writers = [stack.enter_context(tf.io.TFRecordWriter(path)) for path in paths]
        files = [file for pattern in file_patterns for file in sorted(tf.io.gfile.glob(pattern))]
        for record in _read(files, "GZIP"):
            writers[_order(record)[0] % _BUCKETS].write(record)
    return paths, sum(map(_sort, paths))


def _sort(path: str) -> int:
    records = sorted(_read([path], ""), key=_order)
    with tf.io.TFRecordWriter(path) as writer:
        for record in records:
            writer.write(record)
    return len(records)


def _read(files: list[str], compression: str) -> Iterator[bytes]:
    for record in tf.data.TFRecordDataset(files, compression_type=compression):
        yield record.numpy()


def _order(record: bytes) -> bytes:
    example = tf.train.Example.FromString(record)
    return hashlib.sha256(example.features.feature[VIDEO_ID_XF].bytes_list.value[0]).digest()
