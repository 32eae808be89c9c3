"""Crops the frames of a clip after they were altered as a whole."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from av.video.frame import VideoFrame

from components.video_decoding.colors import Color, Colors, worst_color
from components.video_decoding.crop import Cropped, Cropper, to_bgr
from components.video_decoding.orientation import Orientation

MAX_SIDE: Final = 1920
"""Frames that are longer are reduced to this, since those of a clip are in memory at once."""

Alter = Callable[[list[np.ndarray]], list[np.ndarray]]
"""Alters the upright frames of a clip, uint8 [H, W, 3] BGR."""


class AlteredCropper:
    """Alters the frames of one clip at the size of the video, then has another cropper crop them."""

    def __init__(self, cropper: Cropper, colors: Colors, alter: Alter) -> None:
        self._cropper = cropper
        self._colors = colors
        self._alter = alter

    def keep(self, frame: VideoFrame, orientation: Orientation) -> tuple[np.ndarray, Color]:
        """Returns the upright pixels, uint8 [H, W, 3] BGR, and how their colours were handled."""
        frame, color = self._colors.of(frame)
        return orientation.turn(to_bgr(frame, max(max(frame.width, frame.height) / MAX_SIDE, 1.0))), color

    def finish(self, kept: Sequence[tuple[np.ndarray, Color]]) -> list[Cropped]:
        """Alters the frames, then crops them."""
        altered = self._alter([pixels for pixels, _ in kept]) if kept else []
        frames = (VideoFrame.from_ndarray(np.ascontiguousarray(pixels), "bgr24") for pixels in altered)
        cropped = self._cropper.finish([self._cropper.keep(frame, Orientation()) for frame in frames])
        color = worst_color(color for _, color in kept)
        return [dataclasses.replace(clip, color=color) for clip in cropped]
