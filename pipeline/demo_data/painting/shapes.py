"""Draws smooth shapes with subpixel precision."""

import itertools
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
"""x and y in pixels."""

Colour = Sequence[float] | NDArray[np.floating[Any]]
"""One value from 0 to 255 per channel: red, green, blue and, if the image has it, alpha."""

_SUBPIXEL_BITS = 4


def draw_ellipse(
    image: NDArray[np.uint8],
    centre: Point,
    axes: Point,
    colour: Colour,
    *,
    thickness: int = cv2.FILLED,
    arc: tuple[float, float] = (0, 360),
) -> None:
    """Draws an ellipse, or its outline, in place.

    Args:
      image: uint8 [H, W] or [H, W, C].
      axes: half the width and half the height, in pixels.
      thickness: thickness of the outline in pixels; filled by default.
      arc: start and end in degrees, clockwise from the right.
    """
    cv2.ellipse(image, _fixed(centre), _fixed(axes), 0, *arc, _scalar(colour), thickness, cv2.LINE_AA, _SUBPIXEL_BITS)


def draw_path(image: NDArray[np.uint8], points: Sequence[Point], colour: Colour, thickness: int) -> None:
    """Draws lines from point to point, in place, on uint8 [H, W] or [H, W, C]."""
    for start, end in itertools.pairwise(points):
        cv2.line(image, _fixed(start), _fixed(end), _scalar(colour), thickness, cv2.LINE_AA, _SUBPIXEL_BITS)


def ellipse_mask(size: int, centre: Point, axes: Point, feather: float) -> NDArray[np.float32]:
    """Returns a filled ellipse with a soft edge.

    Args:
      size: height and width of the mask, in pixels.
      axes: half the width and half the height, in pixels.
      feather: standard deviation of the blur, in pixels.

    Returns:
      float32 [size, size] from 0 to 1.
    """
    mask = np.zeros((size, size), np.uint8)
    draw_ellipse(mask, centre, axes, (255,))
    return soften(mask, feather)


def polygon_mask(height: int, width: int, corners: Sequence[Point], feather: float) -> NDArray[np.float32]:
    """Returns a filled polygon with a soft edge: float32 [height, width] from 0 to 1."""
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [np.round(corners).astype(np.int32)], (255,), cv2.LINE_AA)
    return soften(mask, feather)


def soften(mask: NDArray[np.uint8], feather: float) -> NDArray[np.float32]:
    """Blurs a mask, uint8 [H, W] from 0 to 255, and returns it as float32 [H, W] from 0 to 1."""
    # Unlike a Gaussian, two box blurs cost the same whatever their width, which is chosen for the same standard
    # deviation. Sums of bytes are exact, so the result does not depend on OpenCV's threads.
    width = 2 * round((6 * feather**2 + 1) ** 0.5 / 2 - 0.5) + 1
    blurred = cv2.blur(cv2.blur(mask, (width, width)), (width, width))
    return blurred.astype(np.float32) / np.float32(255)


def blend(image: NDArray[np.float32], weight: NDArray[np.float32], colour: Colour) -> None:
    """Blends a colour into float32 RGB [H, W, 3], in place, with a float32 weight [H, W] from 0 to 1."""
    left, top, width, height = cv2.boundingRect((weight > 0).view(np.uint8))
    region = image[top : top + height, left : left + width]
    part = weight[top : top + height, left : left + width, None]
    region += part * (np.asarray(colour, np.float32) - region)


def _fixed(point: Point) -> tuple[int, int]:
    return round(float(point[0]) * (1 << _SUBPIXEL_BITS)), round(float(point[1]) * (1 << _SUBPIXEL_BITS))


def _scalar(colour: Colour) -> tuple[float, ...]:
    return tuple(float(channel) for channel in colour)
