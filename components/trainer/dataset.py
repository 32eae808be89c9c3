"""Transformed examples as batches."""

import tensorflow as tf
import tensorflow_transform as tft

from components.features import FRAME_FEATURES_XF, FRAME_MASK_XF, LABEL_XF
from components.trainer.local_records import keep_records

_SHUFFLE_BUFFER = 2048


def read_batches(
    file_patterns: list[str],
    transform_output: tft.TFTransformOutput,
    batch_size: int,
    *,
    folder: str,
    shuffle_seed: int | None = None,
) -> tf.data.Dataset:
    """Streams batches of ({`frame_features_xf` [B, T, D], `frame_mask_xf` bool [B, T]}, `label_xf` [B, 1]).

    Args:
        file_patterns: gzipped TFRecord files of transformed examples.
        transform_output: their schema.
        batch_size: B; the last batch may be smaller.
        folder: a local folder to keep the records in, since 100,000 videos do not fit into memory.
        shuffle_seed: None keeps one order in all epochs.
    """
    specification = transform_output.transformed_feature_spec()
    used = {name: specification[name] for name in (FRAME_FEATURES_XF, FRAME_MASK_XF, LABEL_XF)}

    def parse(records: tf.Tensor) -> tuple[dict[str, tf.Tensor], tf.Tensor]:
        parsed = tf.io.parse_example(records, used)
        inputs = {
            FRAME_FEATURES_XF: parsed[FRAME_FEATURES_XF],
            FRAME_MASK_XF: tf.cast(parsed[FRAME_MASK_XF], tf.bool),
        }
        return inputs, parsed[LABEL_XF]

    files, count = keep_records(file_patterns, folder)
    # Keras takes an epoch of unknown length for one that ended early.
    records = tf.data.TFRecordDataset(files).apply(tf.data.experimental.assert_cardinality(count))
    if shuffle_seed is not None:
        records = records.shuffle(_SHUFFLE_BUFFER, seed=shuffle_seed)
    return records.batch(batch_size).map(parse).prefetch(2)
