"""Transform's preprocessing of frame-feature examples, the same in training and serving."""

from typing import Any

import tensorflow as tf
import tensorflow_transform as tft

from components import features

# Some of the many means lie exactly halfway between two float32 numbers, where the last bit of the float64 value, and
# with it the order of summation, would decide the rounding. This moves them by far less than the rounding does.
_TIE_BREAK = 1 + 1e-11
# Untrained encoders produce features with deviations near 1e-5, which a larger epsilon would swamp.
_EPSILON = 1e-6


def preprocessing_fn(inputs: dict[str, Any], custom_config: dict[str, Any]) -> dict[str, tf.Tensor]:
    """Normalises the features by statistics of the train split's valid frames, and encodes the label.

    Args:
        inputs: `frame_features` float32 [B, T * D], `frame_mask` int64 [B, T], both sized by the schema; `label`, a
            SparseTensor of bytes, `video_id` bytes [B, 1]; `group_id`, a SparseTensor of bytes, if the examples have
            one.
        custom_config: `normalization`, `zscore` or `none`, and `clip`, the largest absolute z-score.

    Returns:
        `frame_features_xf` float32 [B, T, D], zero where masked; `frame_mask_xf` int64 [B, T]; `label_xf`
        int64 [B, 1], FAKE = 1; `video_id_xf` and, if given, `group_id_xf`, bytes [B, 1], unchanged.
    """
    mask = inputs[features.FRAME_MASK]
    valid = tf.cast(mask, tf.bool)
    frames = mask.shape[1]
    feature_size = inputs[features.FRAME_FEATURES].shape[1] // frames
    frame_features = tf.reshape(inputs[features.FRAME_FEATURES], (-1, frames, feature_size))
    if custom_config["normalization"] == "zscore":
        frame_features = _zscore(frame_features, valid, custom_config["clip"])
    groups = {features.GROUP_ID_XF: _dense(inputs[features.GROUP_ID])} if features.GROUP_ID in inputs else {}
    return {
        **groups,
        features.FRAME_FEATURES_XF: tf.where(valid[:, :, tf.newaxis], frame_features, 0.0),
        features.FRAME_MASK_XF: mask,
        features.LABEL_XF: _is_fake(inputs[features.LABEL]),
        features.VIDEO_ID_XF: inputs[features.VIDEO_ID],
    }


def _zscore(frame_features: tf.Tensor, valid: tf.Tensor, clip: float) -> tf.Tensor:
    # In float64, so that the order in which Beam sums does not change the model.
    frames = tf.cast(tf.boolean_mask(frame_features, valid), tf.float64)
    mean = tf.cast(tft.mean(frames, reduce_instance_dims=False) * _TIE_BREAK, tf.float32)
    deviation = tf.cast(tf.sqrt(tft.var(frames, reduce_instance_dims=False)), tf.float32)
    return tf.clip_by_value((frame_features - mean) / (deviation + _EPSILON), -clip, clip)


def _is_fake(label: tf.SparseTensor) -> tf.Tensor:
    return tf.cast(tf.equal(_dense(label), features.FAKE), tf.int64)


def _dense(text: tf.SparseTensor) -> tf.Tensor:
    # A missing value keeps its row; TFT infers the width from the explicit shape.
    column = tf.SparseTensor(text.indices, text.values, [text.dense_shape[0], 1])
    return tf.sparse.to_dense(column, default_value=b"")
