"""Paints the moving parts of a face: eyes and mouth."""

import dataclasses

import numpy as np
from numpy.typing import NDArray

from pipeline.demo_data.painting import shapes
from pipeline.demo_data.painting.head import CENTRE, EYE_LINE, MOUTH_LINE
from pipeline.demo_data.painting.identity import Identity

_EYE_HEIGHT = 11.5
_EYEWHITE = (232, 230, 228)
_PUPIL = (14, 12, 12)
_GLINT = (250, 250, 250)
_LASHES = (34, 24, 22)
_TEETH = (226, 220, 210)
_THROAT = (58, 18, 22)
_CLOSED_LIPS = (86, 40, 40)
_FRAME_OF_GLASSES = (36, 34, 36)
_MIN_OPENING = 1.5  # in pixels; below it a line is drawn


@dataclasses.dataclass(frozen=True)
class Expression:
    """The moving parts of a face in one frame."""

    eye_openness: float  # 0 closed, 1 open
    mouth_openness: float  # 0 closed, 1 wide open
    gaze: float  # -1 left, 1 right


def paint_expression(head: NDArray[np.uint8], identity: Identity, expression: Expression) -> NDArray[np.uint8]:
    """Paints eyes, mouth and glasses onto a copy of a head.

    Args:
      head: uint8 RGB [TEXTURE_SIZE, TEXTURE_SIZE, 3] from head.paint_head.

    Returns:
      uint8 RGB of the same shape.
    """
    painted = head.copy()
    for side in (-1, 1):
        _paint_eye(painted, identity, expression, CENTRE[0] + side * identity.eye_distance / 2)
    _paint_mouth(painted, identity, expression.mouth_openness)
    if identity.glasses:
        _paint_glasses(painted, identity)
    return painted


def _paint_eye(painted: NDArray[np.uint8], identity: Identity, expression: Expression, x: float) -> None:
    half_width, height = identity.eye_width / 2, _EYE_HEIGHT * expression.eye_openness
    shapes.draw_ellipse(painted, (x, EYE_LINE), (half_width + 2, _EYE_HEIGHT + 2), np.multiply(identity.skin, 0.74))
    if height <= _MIN_OPENING:
        shapes.draw_ellipse(painted, (x, EYE_LINE), (half_width, 2), _LASHES, thickness=3, arc=(0, 180))
        return
    left, right = int(x - half_width) - 4, int(x + half_width) + 5
    top, bottom = int(EYE_LINE - _EYE_HEIGHT) - 4, int(EYE_LINE + _EYE_HEIGHT) + 5
    region = painted[top:bottom, left:right]
    middle = (x - left, EYE_LINE - top)
    iris = (middle[0] + 5 * expression.gaze, middle[1])
    eyeball = np.empty_like(region)
    eyeball[:] = _EYEWHITE
    shapes.draw_ellipse(eyeball, iris, (9.5, 9.5), identity.iris)
    shapes.draw_ellipse(eyeball, iris, (4.5, 4.5), _PUPIL)
    shapes.draw_ellipse(eyeball, (iris[0] - 3, iris[1] - 3), (2, 2), _GLINT)
    opening = np.zeros(region.shape[:2], np.uint8)
    shapes.draw_ellipse(opening, middle, (half_width, height), (255,))
    weight = opening[..., None].astype(np.uint16)
    region[:] = (eyeball * weight + region * (255 - weight)) // 255
    shapes.draw_ellipse(painted, (x, EYE_LINE), (half_width, height), _LASHES, thickness=3, arc=(180, 360))


def _paint_mouth(painted: NDArray[np.uint8], identity: Identity, openness: float) -> None:
    half_width = identity.mouth_width / 2 * (1 - 0.16 * openness)
    gap = 17 * openness
    x, y = CENTRE[0], MOUTH_LINE + 0.4 * gap
    shapes.draw_ellipse(painted, (x, y), (half_width, gap + identity.lip_thickness), identity.lips)
    if gap > _MIN_OPENING:
        shapes.draw_ellipse(painted, (x, y), (half_width - 6, gap), _THROAT)
        shapes.draw_ellipse(painted, (x, y - 0.55 * gap), (half_width - 13, 0.33 * gap), _TEETH)
    else:
        shapes.draw_path(painted, [(x - half_width + 3, y), (x + half_width - 3, y)], _CLOSED_LIPS, 2)


def _paint_glasses(painted: NDArray[np.uint8], identity: Identity) -> None:
    x, half_distance = CENTRE[0], identity.eye_distance / 2
    for side in (-1, 1):
        lens = (x + side * half_distance, EYE_LINE + 2)
        shapes.draw_ellipse(painted, lens, (0.84 * half_distance, 27), _FRAME_OF_GLASSES, thickness=3)
    shapes.draw_path(painted, [(x - 8, EYE_LINE - 4), (x + 8, EYE_LINE - 4)], _FRAME_OF_GLASSES, 3)
