"""From decoded frames to the squares that the encoder takes."""

from collections.abc import Sequence
from typing import Any, Final, Literal, Protocol

import av.video.frame
import cv2
import numpy as np

from components.frame_feature_gen.faces.clip_face import Square, clip_face, square_around
from components.frame_feature_gen.faces.face import Detect
from components.frame_feature_gen.frame_part import FrameCutter
from components.frame_feature_gen.sampling import sample_positions

Crop = Literal["center_square", "face"]
FaceStatus = Literal["not_wanted", "frontal", "profile", "none"]
"""What the crop found: it looked for no face, found one, or found none and took the centre square."""

LOOKED_AT: Final = 5
"""Sampled frames of a clip, evenly spread, in which faces are looked for."""

# By how much a player turns the frame, in degrees and counter-clockwise, as the display matrix has it.
_ROTATIONS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}


class Cropper(Protocol):
    """Crops the frames of one clip."""

    def keep(self, frame: av.video.frame.VideoFrame) -> Any:
        """Gives what has to be kept of a frame until all are decoded."""

    def finish(self, kept: Sequence[Any]) -> tuple[np.ndarray, FaceStatus]:
        """Gives uint8 [n, size, size, 3] RGB of the n frames that were kept, and what was found."""


class CenterCropper:
    """Crops each frame to its centre square at once."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._cutter = FrameCutter()

    def keep(self, frame: av.video.frame.VideoFrame) -> np.ndarray:
        """Gives the square, uint8 [size, size, 3] RGB.

        Bilinear, and in the order of the Kaggle notebook, whose pixels it reproduces.
        """
        part, square = self._cutter.cut(frame, central_square(frame.width, frame.height))
        pixels = _upright(resized_square(_to_bgr(part), square, self._size), frame)
        return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)

    def finish(self, kept: Sequence[np.ndarray]) -> tuple[np.ndarray, FaceStatus]:
        """Stacks the squares."""
        return _stacked(kept, self._size), "not_wanted"


class FaceCropper:
    """Crops all frames to one square, around the clip's face."""

    def __init__(self, size: int, detect: Detect) -> None:
        self._size = size
        self._detect = detect

    def keep(self, frame: av.video.frame.VideoFrame) -> av.video.frame.VideoFrame:
        """Gives the frame as it is decoded, half the size of its pixels in BGR."""
        return frame

    def finish(self, kept: Sequence[av.video.frame.VideoFrame]) -> tuple[np.ndarray, FaceStatus]:
        """Looks for the face, then crops; one frame at a time is converted."""
        looked_at = [kept[position] for position in sample_positions("uniform", len(kept), LOOKED_AT)]
        face = clip_face([self._detect(_upright(_to_bgr(frame), frame)) for frame in looked_at])
        squares = []
        for frame in kept:
            pixels = _upright(_to_bgr(frame), frame)
            height, width = pixels.shape[:2]
            square = square_around(face, width, height) if face else central_square(width, height)
            squares.append(cv2.cvtColor(resized_square(pixels, square, self._size), cv2.COLOR_BGR2RGB))
        return _stacked(squares, self._size), face.pose if face else "none"


def central_square(width: int, height: int) -> Square:
    """Gives the largest square in the middle of a frame of this size."""
    side = min(height, width)
    return Square(width // 2 - side // 2, height // 2 - side // 2, side)


def resized_square(frame: np.ndarray, square: Square, size: int) -> np.ndarray:
    """Crops `square` out of `frame`, uint8 [H, W, 3], and resizes it to [size, size, 3]."""
    left, top, side = square
    return cv2.resize(frame[top : top + side, left : left + side], (size, size), interpolation=cv2.INTER_LINEAR)


def _stacked(squares: Sequence[np.ndarray], size: int) -> np.ndarray:
    return np.asarray(squares, np.uint8).reshape(-1, size, size, 3)


def _to_bgr(frame: av.video.frame.VideoFrame) -> np.ndarray:
    # BT.601 whatever the file declares: so OpenCV reads it, and so the encoder's training images were made.
    return frame.to_ndarray(format="bgr24", src_colorspace="ITU601", dst_colorspace="ITU601", threads=1)


def _upright(pixels: np.ndarray, frame: av.video.frame.VideoFrame) -> np.ndarray:
    rotation = frame.rotation % 360
    return cv2.rotate(pixels, _ROTATIONS[rotation]) if rotation in _ROTATIONS else pixels
