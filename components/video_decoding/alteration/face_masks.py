"""Masks of a face and its parts, from the landmarks of MediaPipe's face mesh."""

from typing import Final, NamedTuple

import cv2
import numpy as np

SIDE: Final = 256
"""Height and width of a mask; all lengths below are in its pixels."""

# Numbers of the mesh's points, from MediaPipe's `face_mesh_connections.py`.
_LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269, 270, 409)
_EYES = (33, 133, 159, 145, 263, 362, 386, 374)
_BROWS = (46, 53, 52, 65, 55, 70, 63, 105, 66, 107, 276, 283, 282, 295, 285, 300, 293, 334, 296, 336)
_NOSE = (168, 6, 4, 2, 98, 327)
_JAW = (172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397)

# The points whose convex hull is the mask; None for all of them.
_HULLS: Final[tuple[tuple[int, ...] | None, ...]] = (
    None,
    (*_BROWS, *_JAW),
    (*_BROWS, *_EYES, *_NOSE, *_LIPS),
    (*_NOSE[-2:], *_LIPS, *_JAW),
    (*_BROWS, *_EYES, *_NOSE),
)
_MARGIN: Final = 0.35
_ELASTIC_PIXELS, _ELASTIC_SIGMA = 50.0, 7.0
_BLURS: Final = (2.0, 10.0)
_SCALES: Final = (0.9, 1.1)
# Fades a mask out along the edge of its region.
_WINDOW: Final = np.minimum.outer(*2 * [np.clip(np.minimum(np.arange(SIDE), np.arange(SIDE)[::-1]) / 16, 0, 1)])


class Region(NamedTuple):
    """The part of a frame around a face, a square that may reach beyond the frame: left, top, side in pixels."""

    left: float
    top: float
    side: float

    def to_frame(self) -> np.ndarray:
        """Returns the affine map, [2, 3], from pixels of the mask to the frame's."""
        scale = self.side / SIDE
        return np.asarray([[scale, 0, self.left], [0, scale, self.top]])


class FaceMask:
    """One kind of mask, the same in all frames of a clip: a hull, deformed elastically and blurred."""

    def __init__(self, generator: np.random.Generator) -> None:
        """Draws the hull, its deformation, and the blur."""
        self._points = _HULLS[generator.integers(len(_HULLS))]
        self._scale = generator.uniform(*_SCALES)
        noise = generator.uniform(-1, 1, (2, SIDE, SIDE)).astype(np.float32)
        shifts = [_ELASTIC_PIXELS * cv2.GaussianBlur(layer, (0, 0), _ELASTIC_SIGMA) for layer in noise]
        across, down = np.meshgrid(np.arange(SIDE, dtype=np.float32), np.arange(SIDE, dtype=np.float32))
        self._from = across + shifts[0], down + shifts[1]
        self._blur = float(generator.uniform(*_BLURS))

    def draw(self, landmarks: np.ndarray, region: Region) -> np.ndarray:
        """Draws the mask of a face.

        Args:
            landmarks: float32 [468, 2], x and y in pixels of the frame.
            region: of the face.

        Returns:
            float32 [SIDE, SIDE] in 0 to 1, zero along the edge.
        """
        points = landmarks if self._points is None else landmarks[list(self._points)]
        centre = points.mean(axis=0)
        points = (centre + self._scale * (points - centre) - (region.left, region.top)) * (SIDE / region.side)
        mask = np.zeros((SIDE, SIDE), np.float32)
        cv2.fillConvexPoly(mask, cv2.convexHull(points.astype(np.int32)), (1.0,))
        deformed = cv2.remap(mask, *self._from, cv2.INTER_LINEAR)
        return cv2.GaussianBlur(deformed, (0, 0), self._blur) * _WINDOW


def region_of(landmarks: np.ndarray) -> Region:
    """Returns the region of a face with these landmarks, float32 [468, 2]: its box with a margin on each side."""
    low, high = landmarks.min(axis=0), landmarks.max(axis=0)
    side = float((high - low).max()) * (1 + 2 * _MARGIN)
    left, top = ((low + high - side) / 2).tolist()
    return Region(left, top, side)


def assumed_landmarks(height: int, width: int) -> np.ndarray:
    """Returns landmarks, float32 [468, 2], of a face in the middle of a frame in which none is found: an ellipse."""
    angles = np.linspace(0, 2 * np.pi, 468, endpoint=False)
    radius = min(height, width) / 4
    points = np.column_stack([0.75 * np.cos(angles), np.sin(angles)]) * radius
    return (points + np.asarray([width / 2, height / 2])).astype(np.float32)
