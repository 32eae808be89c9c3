"""How a player turns and mirrors a video's frames."""

import dataclasses
from typing import Any

import av.video.frame
import numpy as np

from components.video_decoding.faces.clip_face import Square


@dataclasses.dataclass(frozen=True)
class Orientation:
    """One of the eight ways in which a stored frame is shown: first transposed, then mirrored.

    Attributes:
        transposed: rows become columns.
        left_right: then left and right are exchanged.
        up_down: and so are top and bottom.
    """

    transposed: bool = False
    left_right: bool = False
    up_down: bool = False

    @classmethod
    def of(cls, frame: av.video.frame.VideoFrame) -> "Orientation":
        """Reads a frame's display matrix, the container's or the stream's own; the nearest of the eight is taken."""
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
        """Gives width and height of a stored frame when it is shown."""
        return (height, width) if self.transposed else (width, height)

    def turn(self, pixels: np.ndarray) -> np.ndarray:
        """Gives pixels [H, W, 3] as they are shown."""
        if self.as_stored:
            return pixels
        turned = pixels.transpose(1, 0, 2) if self.transposed else pixels
        return np.ascontiguousarray(turned[:: -1 if self.up_down else 1, :: -1 if self.left_right else 1])

    def stored(self, square: Square, width: int, height: int) -> Square:
        """Gives where a square of the shown frame, of this size, is in the stored one."""
        left = width - square.left - square.side if self.left_right else square.left
        top = height - square.top - square.side if self.up_down else square.top
        return Square(top, left, square.side) if self.transposed else Square(left, top, square.side)


class Orientations:
    """Reads the orientations of a video's frames as they are decoded; one holds until another comes.

    Only the first frame is looked at closely, and one that is turned in a new way: PyAV keeps a frame whose side data
    were looked at, with all its pixels, until garbage is collected.
    """

    def __init__(self) -> None:
        self._current: Orientation | None = None
        self._rotation = 0

    def of(self, frame: av.video.frame.VideoFrame) -> Orientation:
        """Gives the orientation of the next frame."""
        if self._current is None or frame.rotation not in (0, self._rotation):
            self._current, self._rotation = Orientation.of(frame), frame.rotation
        return self._current
