"""The results of decoding a video."""

import dataclasses
from collections.abc import Sequence
from typing import Literal

import numpy as np

from components.video_decoding.colors import Color
from components.video_decoding.crop import Cropped, FaceStatus
from components.video_decoding.sampling import Sampling
from components.video_decoding.windows import Window

DecodeNote = Literal["several_video_streams", "pixel_aspect_ignored", "clean_aperture_ignored"]
"""How the frames differ from what a player shows: one stream of several, square pixels assumed, or not cropped."""


@dataclasses.dataclass(frozen=True)
class DecodedWindow:
    """The clips of one window of a video.

    Attributes:
        window: the span.
        clips: one for each face, the largest first, or one of the centre square.
        times_s: of each clip, float32 [n], when its frames are shown, in seconds since the start of the video stream,
            strictly increasing.
    """

    window: Window
    clips: Sequence[Cropped]
    times_s: Sequence[np.ndarray]


@dataclasses.dataclass(frozen=True)
class DecodedVideo:
    """What is known of a video once its windows are decoded.

    Attributes:
        good_frames: undamaged frames in the video; with `first` of a whole video, those up to the last sampled one.
        truncated: whether parts of the video are missing or damaged.
        sampled_as: the sampling that was used.
        end_s: when its last frame ends, in seconds; 0 if it is not known, as with `first` of a whole video.
        notes: how the frames differ from what a player shows.
    """

    good_frames: int
    truncated: bool
    sampled_as: Sampling = "uniform"
    end_s: float = 0.0
    notes: tuple[DecodeNote, ...] = ()


class StartedAgain:
    """Says that the windows before it are void, since decoding has contradicted what the packets promised."""


Part = DecodedWindow | StartedAgain | DecodedVideo
"""Of a video that is decoded window by window."""


@dataclasses.dataclass(frozen=True)
class Clip:
    """The sampled frames of one video.

    Attributes:
        frames: uint8 [n, size, size, 3] RGB, n at least 1, in order of presentation.
        timestamps_s: float32 [n], seconds since the start of the video stream, strictly increasing.
        face_status: what kind of face was found.
        good_frames: as in `DecodedVideo`.
        truncated: likewise.
        color: how the colours were handled.
        sampled_as: as in `DecodedVideo`.
        crop_side: side in pixels of the smallest square before resizing; 0 if it is not known.
        notes: as in `DecodedVideo`.
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


def only_clip(decoded: Part, video: Part, *, face: int = 0) -> Clip:
    """Returns the clip of the only window of a video whose last two parts these are.

    Args:
        decoded: the window.
        video: what is known of the video.
        face: the number of the face, from 1 on; 0 for the largest, or the centre square.
    """
    assert isinstance(decoded, DecodedWindow), "a window comes last but one"
    assert isinstance(video, DecodedVideo), "what is known of the video comes last"
    number = max(face - 1, 0)
    cropped, times_s = decoded.clips[number], decoded.times_s[number]
    return Clip(
        frames=cropped.frames,
        timestamps_s=times_s,
        face_status=cropped.face_status,
        good_frames=video.good_frames,
        truncated=video.truncated,
        color=cropped.color,
        sampled_as=video.sampled_as,
        crop_side=cropped.side,
        notes=video.notes,
    )


def pad_frames(frames: np.ndarray, count: int) -> np.ndarray:
    """Pads frames uint8 [n, size, size, 3] to [count, size, size, 3] by black frames."""
    padded = np.zeros((count, *frames.shape[1:]), np.uint8)
    padded[: len(frames)] = frames
    return padded
