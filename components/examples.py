"""The files that the nodes hand examples over in."""

from collections.abc import Iterable

import tensorflow as tf

from components.file_patterns import expand


def example_files(patterns: Iterable[str]) -> list[str]:
    """The files of all patterns, those of each in the order of their names; the folder of one may have any name."""
    return [file for pattern in patterns for file in expand(pattern)]


def read_records(*patterns: str) -> tf.data.TFRecordDataset:
    """The serialized examples in gzipped TFRecord files, as every node of TFX writes them."""
    return tf.data.TFRecordDataset(example_files(patterns), compression_type="GZIP")
