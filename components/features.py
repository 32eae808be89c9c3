"""Names, shapes and dtypes of the data contracts between the nodes, in one place."""

from typing import Final

FRAMES: Final = 20
"""Frames sampled from a video, T in the shapes below."""

FEATURE_SIZE: Final = 2048
"""Width of one frame's InceptionV3 feature vector, D in the shapes below."""

FRAME_SIZE: Final = 224
"""Height and width in pixels of the frames that the encoder takes."""

SPLITS: Final = ("train", "eval", "test")
SCORED_SPLIT: Final = "score"
"""The one split of videos that are to be scored."""

REAL: Final = "REAL"
FAKE: Final = "FAKE"

# Video example. Absent where unknown: `label` (bytes) of an unlabelled video, and every fact from
# `width` to `codec` of a video that could not be probed, whose `probe_status` then gives the reason.
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
META_PREFIX: Final = "meta/"  # bytes, one feature for each extra key of metadata.json
SYNTHETIC: Final = "meta/synthetic"  # bytes, "true" for drawn videos, whose metrics say nothing of real forgeries

# Frame-feature example: the video example and
FRAME_FEATURES: Final = "frame_features"  # float32 [T * D], zero where masked
FRAME_MASK: Final = "frame_mask"  # int64 [T], 1 = frame, left-compacted, at least one
FRAME_TIMESTAMPS_S: Final = "frame_timestamps_s"  # float32 [T], seconds, zero where masked
FRAMES_DECODED: Final = "frames_decoded"  # int64
FACE_STATUS: Final = "face_status"  # bytes
DECODE_STATUS: Final = "decode_status"  # bytes, `DECODED_WHOLE`, or `TRUNCATED`: parts are missing or damaged
DECODED_WHOLE: Final = b"ok"
TRUNCATED: Final = b"truncated"
COLOR: Final = "color"  # bytes, "sdr", or what became of high dynamic range: "hdr_as_sdr", "hdr_tone_mapped"
SAMPLED_AS: Final = "sampled_as"  # bytes, the sampling that was used; "uniform" where no keyframes are known
CROP_SIDE: Final = "crop_side"  # int64, pixels of the square before it was resized
DECODE_NOTES: Final = "decode_notes"  # bytes, each a `DecodeNote`: where the frames are not what a player shows
AUGMENTATION: Final = "augmentation"  # bytes, what a pseudo-fake was made by; absent of videos that are what they are
PSEUDO_FAKE_MARK: Final = b"#self_blended-"  # in the `video_id` of a pseudo-fake, before its number

# Transformed example.
LABEL_XF: Final = "label_xf"  # int64, FAKE = 1
FRAME_FEATURES_XF: Final = "frame_features_xf"  # float32 [T, D]
VIDEO_ID_XF: Final = "video_id_xf"  # bytes, as it was
GROUP_ID_XF: Final = "group_id_xf"  # bytes, as it was
FRAME_MASK_XF: Final = "frame_mask_xf"  # int64 [T]; tf.Example has no bool

# Served outputs.
PROBABILITY_FAKE: Final = "probability_fake"  # float32 [B, 1]
FRAME_SCORES: Final = "frame_scores"  # float32 [B, T]
