"""Crops decoded frames to the squares that the encoder takes."""

import dataclasses
from collections.abc import Sequence
from typing import Any, Literal, Protocol

import av.video.frame
import cv2
import numpy as np

from components.video_decoding.colors import Color, Colors, worst_color
from components.video_decoding.faces.clip_face import Square, clip_face, square_around
from components.video_decoding.faces.cuts import find_cuts
from components.video_decoding.faces.face import Face, FaceSearch
from components.video_decoding.faces.track_choice import TrackChoice
from components.video_decoding.faces.tracks import choose_tracks, find_tracks
from components.video_decoding.frame_part import FrameCutter
from components.video_decoding.orientation import Orientation
from components.video_decoding.sampling import sample_positions

Crop = Literal["center_square", "face"]
FaceStatus = Literal["not_wanted", "frontal", "profile", "none"]
"""Not looked for a face, found one (its pose), or found none and used the centre square."""

_Oriented = tuple[av.video.frame.VideoFrame, Orientation]
_Squared = tuple[np.ndarray, int]
"""A square, uint8 [size, size, 3] RGB, and its side in pixels before resizing."""


@dataclasses.dataclass(frozen=True)
class Cropped:
    """The squares of a clip.

    Attributes:
        frames: uint8 [n, size, size, 3] RGB.
        face_status: what kind of face was found.
        side: side in pixels of the smallest square before resizing; 0 if there are no frames.
        color: how the colours were handled; the worst value if frames differ.
        taken: int64 [n], which of the frames that were kept these are.
        face_boxes: float32 [n, 4], the face's left, top, right and bottom in shares of the shown frame; zeros if it has
            none.
    """

    frames: np.ndarray
    face_status: FaceStatus
    side: int
    color: Color
    taken: np.ndarray
    face_boxes: np.ndarray


class Cropper(Protocol):
    """Crops the frames of one window."""

    def keep(self, frame: av.video.frame.VideoFrame, orientation: Orientation) -> Any:
        """Returns what has to be kept of a frame until all are decoded."""

    def finish(self, kept: Sequence[Any]) -> list[Cropped]:
        """Returns the clips of the frames that were kept, at least one."""


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
        square = central_square(*orientation.shown_size(frame.width, frame.height))
        return _squared(self._cutter, frame, orientation, square, self._size), color

    def finish(self, kept: Sequence[tuple[_Squared, Color]]) -> list[Cropped]:
        """Stacks the squares."""
        return [_cropped(kept, self._size, "not_wanted")]


class FaceCropper:
    """Crops the frames of a clip to one square around a face: the largest one, or each of several that are tracked."""

    def __init__(self, size: int, colors: Colors, faces: FaceSearch, tracks: TrackChoice | None = None) -> None:
        self._size = size
        self._colors = colors
        self._faces = faces
        self._tracks = tracks
        self._cutter = FrameCutter()

    def keep(self, frame: av.video.frame.VideoFrame, orientation: Orientation) -> tuple[_Oriented, Color]:
        """Returns the frame, its orientation and colours; not yet as BGR, which takes twice the memory."""
        frame, color = self._colors.of(frame)
        return (frame, orientation), color

    def finish(self, kept: Sequence[tuple[_Oriented, Color]]) -> list[Cropped]:
        """Detects faces, then crops, converting one frame at a time."""
        positions = sample_positions("uniform", len(kept), self._faces.frames or len(kept))
        small = [self._reduced(*kept[position][0]) for position in positions]
        by_frame = [[face.scaled(factor) for face in self._faces.detect(pixels)] for pixels, factor in small]
        if self._tracks is None:
            face = clip_face(by_frame)
            return [self._crop(kept, range(len(kept)), face)]
        found = find_tracks(by_frame, find_cuts([pixels for pixels, _ in small]))
        tracks = choose_tracks(found, self._tracks, len(by_frame))
        if not tracks:
            return [self._crop(kept, range(len(kept)), None)]
        return [self._crop(kept, *track.spread(positions)) for track in tracks]

    def _crop(
        self,
        kept: Sequence[tuple[_Oriented, Color]],
        taken: Sequence[int],
        face: Face | None,
        boxes: Sequence[Face] = (),
    ) -> Cropped:
        squares, shares = [], []
        for place, position in enumerate(taken):
            (frame, orientation), color = kept[position]
            shown = orientation.shown_size(frame.width, frame.height)
            square = square_around(face, *shown) if face else central_square(*shown)
            squares.append((_squared(self._cutter, frame, orientation, square, self._size), color))
            shares.append(boxes[place].in_shares(*shown) if boxes else (0.0,) * 4)
        return _cropped(squares, self._size, face.pose if face else "none", taken, shares)

    def _reduced(self, frame: av.video.frame.VideoFrame, orientation: Orientation) -> tuple[np.ndarray, float]:
        """Returns the frame upright, uint8 [H, W, 3] BGR, at the detector's size, and the factor it was reduced by."""
        # FFmpeg scales what is still in YUV, which costs a fraction of converting all its pixels.
        factor = max(max(frame.width, frame.height) / self._faces.long_side, 1.0)
        return orientation.turn(to_bgr(frame, factor)), factor


def central_square(width: int, height: int) -> Square:
    """Returns the largest square in the middle of a frame of this size."""
    side = min(height, width)
    return Square(width // 2 - side // 2, height // 2 - side // 2, side)


def resized_square(frame: np.ndarray, square: Square, size: int) -> np.ndarray:
    """Crops `square` out of `frame`, uint8 [H, W, 3], and resizes it to [size, size, 3]."""
    left, top, side = square
    return cv2.resize(frame[top : top + side, left : left + side], (size, size), interpolation=cv2.INTER_LINEAR)


def _cropped(
    squares: Sequence[tuple[_Squared, Color]],
    size: int,
    face_status: FaceStatus,
    taken: Sequence[int] = (),
    boxes: Sequence[tuple[float, ...]] = (),
) -> Cropped:
    count = len(squares)
    return Cropped(
        frames=np.asarray([pixels for (pixels, _), _ in squares], np.uint8).reshape(-1, size, size, 3),
        face_status=face_status,
        side=min((side for (_, side), _ in squares), default=0),
        color=worst_color(color for _, color in squares),
        taken=np.asarray(taken or range(count), np.int64),
        face_boxes=np.asarray(boxes, np.float32).reshape(-1, 4) if len(boxes) else np.zeros((count, 4), np.float32),
    )


def _squared(
    cutter: FrameCutter, frame: av.video.frame.VideoFrame, orientation: Orientation, square: Square, size: int
) -> _Squared:
    """Cuts the square of the shown frame out of the stored one, and converts and resizes it alone."""
    shown = orientation.shown_size(frame.width, frame.height)
    part, (left, top, side) = cutter.cut(frame, orientation.stored(square, *shown))
    pixels = orientation.turn(to_bgr(part)[top : top + side, left : left + side])
    resized = resized_square(pixels, Square(0, 0, side), size)
    return cv2.cvtColor(resized, cv2.COLOR_BGR2RGB), square.side


def to_bgr(frame: av.video.frame.VideoFrame, factor: float = 1.0) -> np.ndarray:
    """Converts a frame to uint8 [H, W, 3], with its sides divided by `factor`."""
    size: dict[str, Any] = {}
    if factor > 1:
        sides = (max(1, round(side / factor)) for side in (frame.width, frame.height))
        size = {**dict(zip(("width", "height"), sides, strict=True)), "interpolation": "AREA"}
    # BT.601 whatever the file declares, as OpenCV does and as the encoder's training images were made.
    return frame.to_ndarray(format="bgr24", src_colorspace="ITU601", dst_colorspace="ITU601", threads=1, **size)
