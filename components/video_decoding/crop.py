"""Crops decoded frames to the squares that the encoder takes."""

import dataclasses
from collections.abc import Sequence
from typing import Any, Final, Literal, Protocol

import av.video.frame
import cv2
import numpy as np

from components.video_decoding.colors import Color, Colors, worst_color
from components.video_decoding.faces.clip_face import Square, clip_face, square_around
from components.video_decoding.faces.face import Detect
from components.video_decoding.frame_part import FrameCutter
from components.video_decoding.orientation import Orientation
from components.video_decoding.sampling import sample_positions

Crop = Literal["center_square", "face"]
FaceStatus = Literal["not_wanted", "frontal", "profile", "none"]
"""Not looked for a face, found one (its pose), or found none and used the centre square."""

_Oriented = tuple[av.video.frame.VideoFrame, Orientation]
_Squared = tuple[np.ndarray, int]
"""A square, uint8 [size, size, 3] RGB, and its side in pixels before resizing."""

FRAMES_SEARCHED: Final = 5
"""Number of sampled frames of a clip, evenly spread, in which faces are detected."""


@dataclasses.dataclass(frozen=True)
class Cropped:
    """The squares of a clip.

    Attributes:
        frames: uint8 [n, size, size, 3] RGB.
        face_status: what kind of face was found.
        side: side in pixels of the smallest square before resizing; 0 if there are no frames.
        color: how the colours were handled; the worst value if frames differ.
    """

    frames: np.ndarray
    face_status: FaceStatus
    side: int
    color: Color


class Cropper(Protocol):
    """Crops the frames of one clip."""

    def keep(self, frame: av.video.frame.VideoFrame, orientation: Orientation) -> Any:
        """Returns what has to be kept of a frame until all are decoded."""

    def finish(self, kept: Sequence[Any]) -> Cropped:
        """Returns the squares of the frames that were kept."""


class CenterCropper:
    """Crops each frame to its centre square as soon as it is decoded."""

    def __init__(self, size: int, colors: Colors) -> None:
        self._size = size
        self._colors = colors
        self._cutter = FrameCutter()

    def keep(self, frame: av.video.frame.VideoFrame, orientation: Orientation) -> tuple[_Squared, Color]:
        """Returns the centre square, and how its colours were handled.

        Interpolation (bilinear) and order of operations reproduce the pixels of the Kaggle notebook.
        """
        frame, color = self._colors.of(frame)
        width, height = orientation.shown_size(frame.width, frame.height)
        part, square = self._cutter.cut(frame, orientation.stored(central_square(width, height), width, height))
        pixels = orientation.turn(resized_square(_to_bgr(part), square, self._size))
        return (cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), square.side), color

    def finish(self, kept: Sequence[tuple[_Squared, Color]]) -> Cropped:
        """Stacks the squares."""
        return _cropped(kept, self._size, "not_wanted")


class FaceCropper:
    """Crops all frames to one square, around the clip's face."""

    def __init__(self, size: int, colors: Colors, detect: Detect) -> None:
        self._size = size
        self._colors = colors
        self._detect = detect

    def keep(self, frame: av.video.frame.VideoFrame, orientation: Orientation) -> tuple[_Oriented, Color]:
        """Returns the frame, its orientation and colours; not yet as BGR, which takes twice the memory."""
        frame, color = self._colors.of(frame)
        return (frame, orientation), color

    def finish(self, kept: Sequence[tuple[_Oriented, Color]]) -> Cropped:
        """Detects the face, then crops, converting one frame at a time."""
        looked_at = [kept[position] for position in sample_positions("uniform", len(kept), FRAMES_SEARCHED)]
        face = clip_face([self._detect(_upright(*one)) for one, _ in looked_at])
        squares = []
        for one, color in kept:
            pixels = _upright(*one)
            height, width = pixels.shape[:2]
            square = square_around(face, width, height) if face else central_square(width, height)
            resized = resized_square(pixels, square, self._size)
            squares.append(((cv2.cvtColor(resized, cv2.COLOR_BGR2RGB), square.side), color))
        return _cropped(squares, self._size, face.pose if face else "none")


def central_square(width: int, height: int) -> Square:
    """Returns the largest square in the middle of a frame of this size."""
    side = min(height, width)
    return Square(width // 2 - side // 2, height // 2 - side // 2, side)


def resized_square(frame: np.ndarray, square: Square, size: int) -> np.ndarray:
    """Crops `square` out of `frame`, uint8 [H, W, 3], and resizes it to [size, size, 3]."""
    left, top, side = square
    return cv2.resize(frame[top : top + side, left : left + side], (size, size), interpolation=cv2.INTER_LINEAR)


def _cropped(squares: Sequence[tuple[_Squared, Color]], size: int, face_status: FaceStatus) -> Cropped:
    frames = np.asarray([pixels for (pixels, _), _ in squares], np.uint8).reshape(-1, size, size, 3)
    side = min((side for (_, side), _ in squares), default=0)
    return Cropped(frames, face_status, side, worst_color(color for _, color in squares))


def _to_bgr(frame: av.video.frame.VideoFrame) -> np.ndarray:
    # BT.601 whatever the file declares, as OpenCV does and as the encoder's training images were made.
    return frame.to_ndarray(format="bgr24", src_colorspace="ITU601", dst_colorspace="ITU601", threads=1)


def _upright(frame: av.video.frame.VideoFrame, orientation: Orientation) -> np.ndarray:
    return orientation.turn(_to_bgr(frame))
