"""The examples passed between nodes: their files, and reading their values."""

from collections.abc import Iterable

import numpy as np
import tensorflow as tf

from components import features
from components.file_patterns import expand


def example_files(patterns: Iterable[str]) -> list[str]:
    """Returns the files of all patterns, each pattern's sorted by name; folder names may contain glob characters."""
    return [file for pattern in patterns for file in expand(pattern)]


def read_records(*patterns: str) -> tf.data.TFRecordDataset:
    """Reads serialized examples from gzipped TFRecord files, as every TFX node writes them."""
    return tf.data.TFRecordDataset(example_files(patterns), compression_type="GZIP")


def count_records(*patterns: str) -> int:
    """Counts the examples in gzipped TFRecord files, reading several files at once."""
    files = tf.data.TFRecordDataset(
        example_files(patterns), compression_type="GZIP", num_parallel_reads=tf.data.AUTOTUNE
    )
    return int(files.reduce(np.int64(0), lambda count, record: count + 1))


def text_feature(example: tf.train.Example, name: str) -> str:
    """Returns the text of a bytes feature, or the empty string if it is absent."""
    values = example.features.feature[name].bytes_list.value if name in example.features.feature else ()
    return values[0].decode() if values else ""


def is_pseudo_fake(video: tf.train.Example) -> bool:
    """Whether the example is a pseudo-fake."""
    return bool(text_feature(video, features.AUGMENTATION))
