"""Transformed examples as batches."""

import numpy as np
import tensorflow as tf
import tensorflow_transform as tft

from components.features import FRAME_FEATURES_XF, FRAME_MASK_XF, LABEL_XF

_SHUFFLE_BUFFER = 2048


def read_batches(
    file_patterns: list[str],
    transform_output: tft.TFTransformOutput,
    batch_size: int,
    *,
    cache_file: str,
    shuffle_seed: int | None = None,
) -> tf.data.Dataset:
    """Streams batches of ({`frame_features_xf` [B, T, D], `frame_mask_xf` bool [B, T]}, `label_xf` [B, 1]).

    Args:
        file_patterns: gzipped TFRecord files of transformed examples.
        transform_output: their schema.
        batch_size: B; the last batch may be smaller.
        cache_file: a local path where the first pass leaves the records unzipped: gunzip costs more than a
            step of the model, and 100,000 videos do not fit into memory.
        shuffle_seed: None keeps the order of the files.
    """
    specification = transform_output.transformed_feature_spec()

    def parse(records: tf.Tensor) -> tuple[dict[str, tf.Tensor], tf.Tensor]:
        parsed = tf.io.parse_example(records, specification)
        inputs = {
            FRAME_FEATURES_XF: parsed[FRAME_FEATURES_XF],
            FRAME_MASK_XF: tf.cast(parsed[FRAME_MASK_XF], tf.bool),
        }
        return inputs, parsed[LABEL_XF]

    files = tf.data.Dataset.list_files(file_patterns, shuffle=False)
    records = tf.data.TFRecordDataset(files, compression_type="GZIP").cache(cache_file)
    count = int(records.reduce(np.int64(0), lambda total, _: total + 1))
    # Keras takes an epoch of unknown length for one that ended early.
    records = records.apply(tf.data.experimental.assert_cardinality(count))
    if shuffle_seed is not None:
        records = records.shuffle(_SHUFFLE_BUFFER, seed=shuffle_seed)
    return records.batch(batch_size).map(parse).prefetch(2)
