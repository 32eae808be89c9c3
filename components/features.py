"""Names, shapes and dtypes of the data contracts between the nodes."""

import re
from typing import Final

FRAMES: Final = 20
"""Frames sampled from a video unless the config says otherwise, T in the shapes below.

D, the width of a frame's feature vector, and S, the height and width in pixels of the frames that are encoded, depend
on the encoder: see `components/served_model/encoder_architecture.py`.
"""

SPLITS: Final = ("train", "eval", "test")
SCORED_SPLIT: Final = "score"
"""The only split of videos to be scored."""

OUTPUT_OF_SPLIT: Final = {"train": "examples", "eval": "examples", "test": "test_examples", SCORED_SPLIT: "examples"}
"""The output of FrameFeatureGen that holds each split. An engine hands an artifact on whole, so what no training needs
is in one of its own."""

REAL: Final = "REAL"
FAKE: Final = "FAKE"

# Video example. Absent if unknown: `label` (bytes) of an unlabelled video, and every fact from `width` to `codec` of a
# video that could not be probed; its `probe_status` is then the reason.
VIDEO_ID: Final = "video_id"  # bytes, unique: the path relative to the data root
URI: Final = "uri"  # bytes, relative to the data root
LABEL: Final = "label"  # bytes, REAL or FAKE
GROUP_ID: Final = "group_id"  # bytes, videos of one group are in one split
CONTENT_DIGEST: Final = "content_digest"  # bytes, sha256 of the file in hexadecimal
SIZE_BYTES: Final = "size_bytes"  # int64
WIDTH: Final = "width"  # int64, pixels as coded
HEIGHT: Final = "height"  # int64, pixels as coded
FPS: Final = "fps"  # float32
FRAME_COUNT_CLAIMED: Final = "frame_count_claimed"  # int64, the container's claim, a hint only
DURATION_S: Final = "duration_s"  # float32, seconds
CODEC: Final = "codec"  # bytes
PROBE_STATUS: Final = "probe_status"  # bytes, "ok" or a quarantine reason
META_PREFIX: Final = "meta/"  # bytes, one feature per extra key of metadata.json
SYNTHETIC: Final = "meta/synthetic"  # bytes, "true" for synthetic videos, whose metrics say nothing of real forgeries

# Frame-feature example, one for each clip: the video example and
FRAME_FEATURES: Final = "frame_features"  # float32 [T * D], zero where masked
FRAME_MASK: Final = "frame_mask"  # int64 [T], 1 = frame, left-compacted, at least one
FRAME_TIMESTAMPS_S: Final = "frame_timestamps_s"  # float32 [T], seconds, zero where masked
FRAMES_DECODED: Final = "frames_decoded"  # int64
FACE_STATUS: Final = "face_status"  # bytes
DECODE_STATUS: Final = "decode_status"  # bytes, `DECODED_WHOLE`, or `TRUNCATED`: parts are missing or damaged
DECODED_WHOLE: Final = b"ok"
TRUNCATED: Final = b"truncated"
COLOR: Final = "color"  # bytes, "sdr", or how high dynamic range was handled: "hdr_as_sdr", "hdr_tone_mapped"
SAMPLED_AS: Final = "sampled_as"  # bytes, the sampling that was used; "uniform" if the keyframes are unknown
CROP_SIDE: Final = "crop_side"  # int64, side of the cropped square in pixels, before resizing
DECODE_NOTES: Final = "decode_notes"  # bytes, `DecodeNote` values: where the frames differ from what a player shows
CLIP_ID: Final = "clip_id"  # bytes, unique: the video's id, with the window and the face if it has several clips
WINDOW_START_S: Final = "window_start_s"  # float32, seconds since the start of the video
WINDOW_END_S: Final = "window_end_s"  # float32
VIDEO_END_S: Final = "video_end_s"  # float32, when the last frame ends; 0 if not known
FACE_TRACK: Final = "face_track"  # int64, number of the face in its window, from 1 on; 0 for none, or if not tracked
FACE_BOXES: Final = "face_boxes"  # float32 [T * 4], left, top, right, bottom in shares of the shown frame; else zero
AUGMENTATION: Final = "augmentation"  # bytes, how the frames were altered, in the train split only; absent if not
# In the `video_id` of what augmentation adds, before its number; and, without a leading #, in its `augmentation`.
PSEUDO_FAKE_MARK: Final = b"#self_blended-"
VARIANT_MARK: Final = b"#recompressed-"

# Transformed example.
LABEL_XF: Final = "label_xf"  # int64, FAKE = 1
FRAME_FEATURES_XF: Final = "frame_features_xf"  # float32 [T, D]
VIDEO_ID_XF: Final = "video_id_xf"  # bytes, unchanged
GROUP_ID_XF: Final = "group_id_xf"  # bytes, unchanged
FRAME_MASK_XF: Final = "frame_mask_xf"  # int64 [T]; tf.Example has no bool

# Served outputs.
PROBABILITY_FAKE: Final = "probability_fake"  # float32 [B, 1], calibrated and clipped
# Models of earlier versions lack these two.
PROBABILITY_STD: Final = "probability_std"  # float32 [B, 1], how far the members of the model are apart; 0 for one
LOG_ODDS_FAKE: Final = "log_odds_fake"  # float32 [B, 1], calibrated, not clipped: what videos are ranked by
FRAME_SCORES: Final = "frame_scores"  # float32 [B, T]
SERVED_OUTPUTS: Final = (PROBABILITY_FAKE, PROBABILITY_STD, LOG_ODDS_FAKE, FRAME_SCORES)

_MARKS: Final = re.compile(b"|".join((PSEUDO_FAKE_MARK, VARIANT_MARK)))


def source_id(video_id: bytes) -> bytes:
    """Returns the id of the video that augmentation has made another one of, or its own."""
    return _MARKS.split(video_id, maxsplit=1)[0]
