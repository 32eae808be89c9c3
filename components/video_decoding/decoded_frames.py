"""The frames taken from a video, before they are cropped together."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from components.video_decoding.clip import Clip, DecodeNote
from components.video_decoding.crop import Cropper
from components.video_decoding.sampling import Sampling


@dataclasses.dataclass(frozen=True)
class DecodedFrames:
    """Frames in presentation order.

    Attributes:
        kept: what the cropper kept of each.
        times_s: float64 [n], when each is shown, in seconds since the start of the stream.
        good_frames: how many were decoded undamaged, taken or not.
        keyframes: positions of the keyframes among the good frames, according to the decoder.
        truncated: whether the decoder found damage.
        notes: how the frames differ from what a player shows.
    """

    kept: Sequence[Any]
    times_s: np.ndarray
    good_frames: int
    keyframes: Sequence[int]
    truncated: bool
    notes: tuple[DecodeNote, ...]

    def clip(self, cropper: Cropper, sampling: Sampling, *, truncated: bool = False) -> Clip:
        """Crops the frames.

        Args:
            cropper: the one that kept them.
            sampling: the one by which they were taken.
            truncated: whether the file is truncated.
        """
        cropped = cropper.finish(self.kept)
        return Clip(
            frames=cropped.frames,
            timestamps_s=self.times_s.astype(np.float32),
            face_status=cropped.face_status,
            good_frames=self.good_frames,
            truncated=truncated or self.truncated,
            color=cropped.color,
            sampled_as=sampling,
            crop_side=cropped.side,
            notes=self.notes,
        )
