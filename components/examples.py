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


def number_feature(example: tf.train.Example, name: str) -> float:
    """Returns the number of a float feature, or 0 if it is absent."""
    values = example.features.feature[name].float_list.value if name in example.features.feature else ()
    return values[0] if values else 0.0


def is_pseudo_fake(video: tf.train.Example) -> bool:
    """Whether the example is a pseudo-fake."""
    return features.PSEUDO_FAKE_MARK in _marks(video)


def is_added(video: tf.train.Example) -> bool:
    """Whether augmentation has added the example: a pseudo-fake, or a variant of one or of a given video."""
    return is_pseudo_fake(video) or is_variant(video)


def source_of(video: tf.train.Example) -> str:
    """Returns the id of the video that augmentation has made an example of, or its own."""
    return features.source_id(text_feature(video, features.VIDEO_ID).encode()).decode()


def is_variant(video: tf.train.Example) -> bool:
    """Whether the example is a recompressed variant of another one."""
    return features.VARIANT_MARK in _marks(video)


def _marks(video: tf.train.Example) -> bytes:
    return b"#" + text_feature(video, features.AUGMENTATION).encode()
