"""The examples that the nodes hand over: their files, and the values in one."""

from collections.abc import Iterable

import tensorflow as tf

from components import features
from components.file_patterns import expand


def example_files(patterns: Iterable[str]) -> list[str]:
    """The files of all patterns, those of each in the order of their names; the folder of one may have any name."""
    return [file for pattern in patterns for file in expand(pattern)]


def read_records(*patterns: str) -> tf.data.TFRecordDataset:
    """The serialized examples in gzipped TFRecord files, as every node of TFX writes them."""
    return tf.data.TFRecordDataset(example_files(patterns), compression_type="GZIP")


def text_feature(example: tf.train.Example, name: str) -> str:
    """Gives the text of a bytes feature, or the empty string where it is absent."""
    values = example.features.feature[name].bytes_list.value if name in example.features.feature else ()
    return values[0].decode() if values else ""


def is_pseudo_fake(video: tf.train.Example) -> bool:
    """Whether the example is that of a pseudo-fake."""
    return bool(text_feature(video, features.AUGMENTATION))
