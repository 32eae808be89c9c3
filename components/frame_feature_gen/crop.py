"""From decoded frames to the squares that the encoder takes."""

import dataclasses
from collections.abc import Sequence
from typing import Any, Final, Literal, Protocol

import av.video.frame
import cv2
import numpy as np

from components.frame_feature_gen.colors import Colors
from components.frame_feature_gen.faces.clip_face import Square, clip_face, square_around
from components.frame_feature_gen.faces.face import Detect
from components.frame_feature_gen.frame_part import FrameCutter
from components.frame_feature_gen.orientation import Orientation
from components.frame_feature_gen.sampling import sample_positions

Crop = Literal["center_square", "face"]
FaceStatus = Literal["not_wanted", "frontal", "profile", "none"]
"""What the crop found: it looked for no face, found one, or found none and took the centre square."""

_Oriented = tuple[av.video.frame.VideoFrame, Orientation]

LOOKED_AT: Final = 5
"""Sampled frames of a clip, evenly spread, in which faces are looked for."""


@dataclasses.dataclass(frozen=True)
class Cropped:
    """The squares of a clip.

    Attributes:
        frames: uint8 [n, size, size, 3] RGB.
        face_status: what was found.
        side: pixels of the smallest square before it was resized, 0 of no frame.
    """

    frames: np.ndarray
    face_status: FaceStatus
    side: int


class Cropper(Protocol):
    """Crops the frames of one clip, whose colours it reads by `colors`."""

    colors: Colors

    def keep(self, frame: av.video.frame.VideoFrame, orientation: Orientation) -> Any:
        """Gives what has to be kept of a frame, which is shown in this way, until all are decoded."""

    def finish(self, kept: Sequence[Any]) -> Cropped:
        """Gives the squares of the frames that were kept."""


class CenterCropper:
    """Crops each frame to its centre square at once."""

    def __init__(self, size: int, colors: Colors) -> None:
        self.colors = colors
        self._size = size
        self._cutter = FrameCutter()

    def keep(self, frame: av.video.frame.VideoFrame, orientation: Orientation) -> tuple[np.ndarray, int]:
        """Gives the square, uint8 [size, size, 3] RGB, and its side before.

        Bilinear, and in the order of the Kaggle notebook, whose pixels it reproduces.
        """
        width, height = orientation.shown_size(frame.width, frame.height)
        part, square = self._cutter.cut(frame, orientation.stored(central_square(width, height), width, height))
        pixels = orientation.turn(resized_square(self.colors.to_bgr(part), square, self._size))
        return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), square.side

    def finish(self, kept: Sequence[tuple[np.ndarray, int]]) -> Cropped:
        """Stacks the squares."""
        return _cropped(kept, self._size, "not_wanted")


class FaceCropper:
    """Crops all frames to one square, around the clip's face."""

    def __init__(self, size: int, detect: Detect, colors: Colors) -> None:
        self.colors = colors
        self._size = size
        self._detect = detect

    def keep(self, frame: av.video.frame.VideoFrame, orientation: Orientation) -> _Oriented:
        """Gives the frame as it is decoded, half the size of its pixels in BGR, and how it is shown."""
        return frame, orientation

    def finish(self, kept: Sequence[_Oriented]) -> Cropped:
        """Looks for the face, then crops; one frame at a time is converted."""
        looked_at = [kept[position] for position in sample_positions("uniform", len(kept), LOOKED_AT)]
        face = clip_face([self._detect(self._upright(*one)) for one in looked_at])
        squares = []
        for one in kept:
            pixels = self._upright(*one)
            height, width = pixels.shape[:2]
            square = square_around(face, width, height) if face else central_square(width, height)
            resized = resized_square(pixels, square, self._size)
            squares.append((cv2.cvtColor(resized, cv2.COLOR_BGR2RGB), square.side))
        return _cropped(squares, self._size, face.pose if face else "none")

    def _upright(self, frame: av.video.frame.VideoFrame, orientation: Orientation) -> np.ndarray:
        return orientation.turn(self.colors.to_bgr(frame))


def central_square(width: int, height: int) -> Square:
    """Gives the largest square in the middle of a frame of this size."""
    side = min(height, width)
    return Square(width // 2 - side // 2, height // 2 - side // 2, side)


def resized_square(frame: np.ndarray, square: Square, size: int) -> np.ndarray:
    """Crops `square` out of `frame`, uint8 [H, W, 3], and resizes it to [size, size, 3]."""
    left, top, side = square
    return cv2.resize(frame[top : top + side, left : left + side], (size, size), interpolation=cv2.INTER_LINEAR)


def _cropped(squares: Sequence[tuple[np.ndarray, int]], size: int, face_status: FaceStatus) -> Cropped:
    frames = np.asarray([pixels for pixels, _ in squares], np.uint8).reshape(-1, size, size, 3)
    return Cropped(frames, face_status, min((side for _, side in squares), default=0))
