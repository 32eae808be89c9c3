"""From a decoded and encoded video to its frame-feature example."""

import numpy as np
import tensorflow as tf

from components import features
from components.frame_feature_gen.decode import Clip

NO_FACE_WANTED = "not_wanted"
"""`face_status` where the crop does not look for faces."""


def pad_frames(clip: Clip, frames: int) -> np.ndarray:
    """Pads a clip's frames to uint8 [frames, size, size, 3], so that the encoder sees one shape only."""
    padded = np.zeros((frames, *clip.frames.shape[1:]), np.uint8)
    padded[: len(clip.frames)] = clip.frames
    return padded


def frame_feature_example(video: tf.train.Example, clip: Clip, encoded: np.ndarray) -> tf.train.Example:
    """Adds the frame features to a video example.

    Args:
        video: the video example; it is left as it is.
        clip: the frames that were encoded, n of them.
        encoded: float32 [T, D], of which the first n rows belong to frames.

    Returns:
        A frame-feature example; rows beyond n are zero and masked.
    """
    slots, count = len(encoded), len(clip.frames)
    mask = (np.arange(slots) < count).astype(np.int64)
    timestamps = np.zeros(slots, np.float32)
    timestamps[:count] = clip.timestamps_s
    example = tf.train.Example()
    example.CopyFrom(video)
    feature = example.features.feature
    feature[features.FRAME_FEATURES].float_list.value.extend((encoded * mask[:, np.newaxis]).ravel().tolist())
    feature[features.FRAME_MASK].int64_list.value.extend(mask.tolist())
    feature[features.FRAME_TIMESTAMPS_S].float_list.value.extend(timestamps.tolist())
    feature[features.FRAMES_DECODED].int64_list.value.append(count)
    feature[features.FACE_STATUS].bytes_list.value.append(NO_FACE_WANTED.encode())
    return example


def text_feature(example: tf.train.Example, name: str) -> str:
    """Gives the text of a bytes feature, or the empty string where it is absent."""
    values = example.features.feature[name].bytes_list.value if name in example.features.feature else ()
    return values[0].decode() if values else ""
