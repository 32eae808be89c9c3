"""How players rotate and mirror a video's frames."""

import dataclasses
from typing import Any

import av.video.frame
import numpy as np

from components.video_decoding.faces.clip_face import Square


@dataclasses.dataclass(frozen=True)
class Orientation:
    """One of the eight ways in which a stored frame is shown: first transposed, then mirrored.

    Attributes:
        transposed: whether rows become columns.
        left_right: whether left and right are then swapped.
        up_down: whether top and bottom are then swapped.
    """

    transposed: bool = False
    left_right: bool = False
    up_down: bool = False

    @classmethod
    def of(cls, frame: av.video.frame.VideoFrame) -> "Orientation":
        """Reads a frame's display matrix, from the container or the stream, and rounds it to one of the eight."""
        matrix: Any = frame.side_data.get("DISPLAYMATRIX")
        if matrix is None:
            return cls()
        # x' = a x + c y and y' = b x + d y.
        a, b, _, c, d = np.frombuffer(matrix, np.int32)[:5].astype(np.int64).tolist()
        if abs(b) + abs(c) > abs(a) + abs(d):
            return cls(True, left_right=c < 0, up_down=b < 0)
        return cls(False, left_right=a < 0, up_down=d < 0)

    @property
    def as_stored(self) -> bool:
        """Whether the frame is shown as it is stored."""
        return self == Orientation()

    def shown_size(self, width: int, height: int) -> tuple[int, int]:
        """Returns the width and height at which a frame stored in this size is shown."""
        return (height, width) if self.transposed else (width, height)

    def turn(self, pixels: np.ndarray) -> np.ndarray:
        """Returns pixels [H, W, 3] as they are shown."""
        if self.as_stored:
            return pixels
        turned = pixels.transpose(1, 0, 2) if self.transposed else pixels
        return np.ascontiguousarray(turned[:: -1 if self.up_down else 1, :: -1 if self.left_right else 1])

    def stored(self, square: Square, width: int, height: int) -> Square:
        """Returns the square of the stored frame for a square of the shown frame, which has this size."""
        left = width - square.left - square.side if self.left_right else square.left
        top = height - square.top - square.side if self.up_down else square.top
        return Square(top, left, square.side) if self.transposed else Square(left, top, square.side)


class Orientations:
    """Reads the orientations of a video's frames as they are decoded; an orientation holds until it changes.

    Side data is only read for the first frame and for one with a new rotation: PyAV keeps a frame whose side data was
    read, with all its pixels, until the next garbage collection.
    """

    def __init__(self) -> None:
        self._current: Orientation | None = None
        self._rotation = 0

    def of(self, frame: av.video.frame.VideoFrame) -> Orientation:
        """Returns the orientation of the next frame."""
        if self._current is None or frame.rotation not in (0, self._rotation):
            self._current, self._rotation = Orientation.of(frame), frame.rotation
        return self._current
