"""What decoding a video gives."""

import dataclasses
from typing import Literal

import numpy as np

from components.video_decoding.colors import Color
from components.video_decoding.crop import FaceStatus
from components.video_decoding.sampling import Sampling

DecodeNote = Literal["several_video_streams", "pixel_aspect_ignored", "clean_aperture_ignored"]
"""Where the frames are not what a player shows: one stream of several, pixels taken for square, nothing cut off."""


@dataclasses.dataclass(frozen=True)
class Clip:
    """The sampled frames of one video.

    Attributes:
        frames: uint8 [n, size, size, 3] RGB, n at least 1, in order of presentation.
        timestamps_s: float32 [n], seconds since the start of the video stream, each above the one before.
        face_status: what the crop found.
        good_frames: how many frames the video has, or those that came out whole; of `first`, up to the last one.
        truncated: whether parts of the video are missing or damaged.
        color: what became of the colours.
        sampled_as: the sampling that was used.
        crop_side: pixels of the square before it was resized, of the smallest where they differ; 0 if it is not known.
        notes: where the frames are not what a player shows.
    """

    frames: np.ndarray
    timestamps_s: np.ndarray
    face_status: FaceStatus
    good_frames: int
    truncated: bool
    color: Color = "sdr"
    sampled_as: Sampling = "uniform"
    crop_side: int = 0
    notes: tuple[DecodeNote, ...] = ()


def pad_frames(clip: Clip, frames: int) -> np.ndarray:
    """Pads a clip's frames to uint8 [frames, size, size, 3], so that the encoder sees one shape only."""
    padded = np.zeros((frames, *clip.frames.shape[1:]), np.uint8)
    padded[: len(clip.frames)] = clip.frames
    return padded
