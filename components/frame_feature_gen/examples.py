"""Builds the frame-feature example of a decoded and encoded clip."""

import numpy as np
import tensorflow as tf

from components import features
from components.examples import text_feature
from components.frame_feature_gen.cached_features import CachedFeatures


def frame_feature_example(video: tf.train.Example, entry: CachedFeatures, slots: int) -> tf.train.Example:
    """Adds frame features to a video example.

    Args:
        video: the video example; it is not modified.
        entry: the features of one of its clips, of n frames.
        slots: T, at least n.

    Returns:
        A frame-feature example; rows beyond n are zero and masked.
    """
    count = len(entry.features)
    mask = (np.arange(slots) < count).astype(np.int64)
    frame_features = np.zeros((slots, entry.features.shape[1]), np.float32)
    frame_features[:count] = entry.features
    timestamps = np.zeros(slots, np.float32)
    timestamps[:count] = entry.timestamps_s
    boxes = np.zeros((slots, 4), np.float32)
    boxes[:count] = entry.face_boxes
    example = tf.train.Example()
    example.CopyFrom(video)
    feature = example.features.feature
    feature[features.FRAME_FEATURES].float_list.value.extend(frame_features.ravel().tolist())
    feature[features.FRAME_MASK].int64_list.value.extend(mask.tolist())
    feature[features.FRAME_TIMESTAMPS_S].float_list.value.extend(timestamps.tolist())
    feature[features.FRAMES_DECODED].int64_list.value.append(count)
    feature[features.DECODE_STATUS].bytes_list.value.append(
        features.TRUNCATED if entry.truncated else features.DECODED_WHOLE
    )
    feature[features.FACE_STATUS].bytes_list.value.append(entry.face_status.encode())
    feature[features.COLOR].bytes_list.value.append(entry.color.encode())
    feature[features.SAMPLED_AS].bytes_list.value.append(entry.sampled_as.encode())
    feature[features.CROP_SIDE].int64_list.value.append(entry.crop_side)
    feature[features.DECODE_NOTES].bytes_list.value.extend(note.encode() for note in entry.notes)
    feature[features.CLIP_ID].bytes_list.value.append(_clip_id(video, entry).encode())
    feature[features.WINDOW_START_S].float_list.value.append(entry.window_start_s)
    feature[features.WINDOW_END_S].float_list.value.append(entry.window_end_s)
    feature[features.VIDEO_END_S].float_list.value.append(entry.video_end_s)
    feature[features.FACE_TRACK].int64_list.value.append(entry.face_track)
    feature[features.FACE_BOXES].float_list.value.extend(boxes.ravel().tolist())
    return example


def _clip_id(video: tf.train.Example, entry: CachedFeatures) -> str:
    video_id = text_feature(video, features.VIDEO_ID)
    if entry.clips == 1:
        return video_id
    face = f"/{entry.face_track}" if entry.face_track else ""
    return f"{video_id}@{entry.window_start_s:.3f}-{entry.window_end_s:.3f}{face}"
