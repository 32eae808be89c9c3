"""The result of decoding a video."""

import dataclasses
from typing import Literal

import numpy as np

from components.video_decoding.colors import Color
from components.video_decoding.crop import FaceStatus
from components.video_decoding.sampling import Sampling

DecodeNote = Literal["several_video_streams", "pixel_aspect_ignored", "clean_aperture_ignored"]
"""How the frames differ from what a player shows: one stream of several, square pixels assumed, or not cropped."""


@dataclasses.dataclass(frozen=True)
class Clip:
    """The sampled frames of one video.

    Attributes:
        frames: uint8 [n, size, size, 3] RGB, n at least 1, in order of presentation.
        timestamps_s: float32 [n], seconds since the start of the video stream, strictly increasing.
        face_status: what kind of face was found.
        good_frames: undamaged frames in the video; with `first`, those up to the last sampled one.
        truncated: whether parts of the video are missing or damaged.
        color: how the colours were handled.
        sampled_as: the sampling that was used.
        crop_side: side in pixels of the smallest square before resizing; 0 if it is not known.
        notes: how the frames differ from what a player shows.
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
    """Pads a clip's frames to uint8 [frames, size, size, 3] by black frames."""
    padded = np.zeros((frames, *clip.frames.shape[1:]), np.uint8)
    padded[: len(clip.frames)] = clip.frames
    return padded
