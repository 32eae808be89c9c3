"""Writes the examples of all ranges into the files of their splits."""

import os
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import tensorflow as tf

from components import features
from components.video_decoding.decoder import IsolatedDecoder
from components.video_example_gen.examples import video_example
from components.video_example_gen.ranges import read_range, records_file, write_digests

_RECORDS_A_FILE = 10_000
_RECORDS_AT_ONCE = 1_000


def write_range_records(number: int, decoder: IsolatedDecoder, *, data_root: str, folder: str) -> int:
    """Probes the videos of a range, writes their examples and digests beside it, and returns its number.

    Raises:
        MachineError: as `video_example`.
    """
    digests = []
    with tf.io.TFRecordWriter(records_file(folder, number)) as writer:
        for entry, group in read_range(folder, number):
            example = video_example(data_root, entry, group, decoder, lasting=True)
            digest = example.features.feature[features.CONTENT_DIGEST].bytes_list.value
            digests.append(digest[0].decode() if digest else "")
            writer.write(_serialized(example))
    write_digests(folder, number, digests)
    return number


def copy_to_splits(
    folder: str, ranges: int, names: Sequence[str], split: np.ndarray, renamed: dict[int, str], examples_uri: str
) -> None:
    """Copies the examples of all ranges, in order, to gzipped TFRecord files in one folder a split.

    Args:
        folder: of the ranges.
        ranges: number of ranges.
        names: of the splits.
        split: int8 [n], index in `names` of each video.
        renamed: groups by row, where they are others than those in the examples.
        examples_uri: of the artifact.
    """
    writers = [_Shards(os.path.join(examples_uri, f"Split-{name}"), int((split == i).sum())) for i, name in enumerate(names)]
    for row, record in enumerate(_records(folder, ranges)):
        if row in renamed:
            example = tf.train.Example.FromString(record)
            example.features.feature[features.GROUP_ID].bytes_list.value[:] = [renamed[row].encode()]
            record = _serialized(example)
        writers[split[row]].write(record)
    for writer in writers:
        writer.close()


def renamed_groups(before: pa.Array, after: pa.Array) -> dict[int, str]:
    """Returns the group after a change, by the row, of the videos whose group has changed."""
    import pyarrow.compute as pc

    rows = np.flatnonzero(pc.not_equal(before, after).to_numpy(zero_copy_only=False))
    return dict(zip(rows.tolist(), after.take(pa.array(rows)).to_pylist(), strict=True))


def _records(folder: str, ranges: int) -> Iterator[bytes]:
    for number in range(ranges):
        for some in tf.data.TFRecordDataset(records_file(folder, number)).batch(_RECORDS_AT_ONCE).as_numpy_iterator():
            yield from some


def _serialized(example: tf.train.Example) -> bytes:
    return example.SerializeToString(deterministic=True)


class _Shards:
    """A split's files, named as Beam names them, each full before the next begins."""

    def __init__(self, folder: str, records: int) -> None:
        self._folder, self._files = folder, max(1, -(-records // _RECORDS_A_FILE))
        self._written = self._opened = 0
        tf.io.gfile.makedirs(folder)
        self._writer = self._open()

    def write(self, record: bytes) -> None:
        if self._written == _RECORDS_A_FILE:
            self._writer.close()
            self._writer, self._written = self._open(), 0
        self._writer.write(record)
        self._written += 1

    def close(self) -> None:
        self._writer.close()

    def _open(self) -> tf.io.TFRecordWriter:
        name = f"data_tfrecord-{self._opened:05d}-of-{self._files:05d}.gz"
        self._opened += 1
        return tf.io.TFRecordWriter(os.path.join(self._folder, name), options="GZIP")
