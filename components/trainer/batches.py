"""Transformed examples as batches."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from components.features import FRAME_FEATURES_XF, FRAME_MASK_XF, GROUP_ID_XF, LABEL_XF, VIDEO_ID_XF
from components.trainer.local_records import LocalRecords

# In videos: 42 MB of features. A file's records are already in hash order, and more would not fit in the CPU cache.
_SHUFFLE_BUFFER = 256
_FILES_AT_ONCE = 8
_GROUPS_AT_ONCE = 256


def read_groups(records: LocalRecords, specification: Mapping[str, Any]) -> np.ndarray | None:
    """Reads the group of each video, bytes [N], in the order of the unshuffled batches.

    None if the examples have no group.
    """
    if GROUP_ID_XF not in specification:
        return None
    used = {GROUP_ID_XF: specification[GROUP_ID_XF]}
    batches = tf.data.TFRecordDataset(records.files).batch(_GROUPS_AT_ONCE)
    return np.concatenate([tf.io.parse_example(batch, used)[GROUP_ID_XF].numpy().ravel() for batch in batches])


def read_batches(
    records: LocalRecords,
    specification: Mapping[str, Any],
    batch_size: int,
    *,
    class_weights: tuple[float, float] = (1.0, 1.0),
    shuffle_seed: int | None = None,
    epoch: tf.Variable | None = None,
) -> tf.data.Dataset:
    """Streams ({`frame_features_xf` [B, T, D], `frame_mask_xf` bool [B, T]}, `label_xf` [B, 1], weights [B]).

    Args:
        records: read from disk again in each epoch, since 100,000 videos do not fit into memory.
        specification: feature spec of the transformed examples, for `tf.io.parse_example`.
        batch_size: B; the last batch may be smaller.
        class_weights: of REAL and of FAKE.
        shuffle_seed: determines, together with `epoch`, the order of files and records; None for no shuffling.
        epoch: int64, read when an iteration starts, so that a resumed training sees the videos in the same order as
            an uninterrupted one.
    """
    used = {name: specification[name] for name in (FRAME_FEATURES_XF, FRAME_MASK_XF, LABEL_XF)}

    def parse(batch: tf.Tensor) -> tuple[dict[str, tf.Tensor], tf.Tensor, tf.Tensor]:
        parsed = tf.io.parse_example(batch, used)
        inputs = {
            FRAME_FEATURES_XF: parsed[FRAME_FEATURES_XF],
            FRAME_MASK_XF: tf.cast(parsed[FRAME_MASK_XF], tf.bool),
        }
        labels = parsed[LABEL_XF]
        return inputs, labels, tf.gather(tf.constant(class_weights, tf.float32), labels[:, 0])

    def shuffled(number: tf.Tensor) -> tf.data.Dataset:
        files = tf.random.experimental.stateless_shuffle(records.files, seed=[shuffle_seed, number])
        return tf.data.Dataset.from_tensor_slices(files).interleave(
            tf.data.TFRecordDataset, cycle_length=_FILES_AT_ONCE, block_length=1
        )

    if shuffle_seed is None:
        read = tf.data.TFRecordDataset(records.files)
    else:
        number = tf.Variable(0, dtype=tf.int64) if epoch is None else epoch
        read = tf.data.Dataset.from_tensors(0).map(lambda _: number.read_value()).flat_map(shuffled)
        # The input order already differs by epoch; reshuffling here would add state for a resumed training to restore.
        read = read.shuffle(_SHUFFLE_BUFFER, seed=shuffle_seed, reshuffle_each_iteration=False)
    # Without a known length, Keras treats the end of an epoch as running out of data.
    read = read.apply(tf.data.experimental.assert_cardinality(records.count))
    options = tf.data.Options()
    # Steps are short: autotuning would cost more time than it saves.
    options.autotune.enabled = False
    return read.batch(batch_size).map(parse).prefetch(2).with_options(options)


def read_first_videos(records: LocalRecords, specification: Mapping[str, Any], count: int) -> dict[str, np.ndarray]:
    """Reads the first `count` transformed examples: ids [K], features [K, T, D] and mask int64 [K, T]."""
    used = {name: specification[name] for name in (VIDEO_ID_XF, FRAME_FEATURES_XF, FRAME_MASK_XF)}
    for batch in tf.data.TFRecordDataset(records.files).batch(count).take(1):
        return {name: values.numpy() for name, values in tf.io.parse_example(batch, used).items()}
    raise ValueError("the eval split holds no video")
