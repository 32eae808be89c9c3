"""The files that the nodes hand examples over in."""

from collections.abc import Iterable

import tensorflow as tf


def example_files(patterns: Iterable[str]) -> list[str]:
    """The files of all patterns, those of each in the order of their names."""
    return [file for pattern in patterns for file in sorted(tf.io.gfile.glob(pattern))]


def read_records(*patterns: str) -> tf.data.TFRecordDataset:
    """The serialized examples in gzipped TFRecord files, as every node of TFX writes them."""
    return tf.data.TFRecordDataset(example_files(patterns), compression_type="GZIP")
