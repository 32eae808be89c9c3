"""Paints the static background of a head: a room, and the person's shoulders."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.demo_data.painting import shapes
from pipeline.demo_data.painting.identity import Identity

# Corners relative to the top of the neck, in pixels of the head's texture; the neck's x in face widths.
_NECK = ((-0.27, -60), (0.27, -60), (0.31, 40), (-0.31, 40))
_SHOULDERS = ((-230, 110), (-170, 34), (-62, 2), (-34, 14), (0, 24), (34, 14), (62, 2), (170, 34), (230, 110))


def paint_scene(
    identity: Identity, rng: np.random.Generator, *, height: int, width: int, neck: shapes.Point, scale: float
) -> NDArray[np.uint8]:
    """Paints the wall, objects on it, and the shoulders.

    Args:
      neck: top of the neck, x and y in pixels.
      scale: pixels of the scene per pixel of the head's texture.

    Returns:
      uint8 RGB [height, width, 3].
    """
    across = np.linspace(-0.5, 0.5, width, dtype=np.float32) * rng.uniform(-0.3, 0.3)
    down = np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None] * rng.uniform(-0.3, 0.3)
    scene: NDArray[np.float32] = ((1 + across + down)[..., None] * np.array(identity.wall)).astype(np.float32)
    for _ in range(rng.integers(2, 6)):
        left, top = rng.uniform(-0.2, 0.9) * width, rng.uniform(-0.2, 0.8) * height
        right, bottom = left + rng.uniform(0.1, 0.5) * width, top + rng.uniform(0.1, 0.6) * height
        tint = np.clip(np.add(identity.wall, rng.uniform(-25, 25) + rng.uniform(-25, 25, 3)), 20, 240)
        cv2.rectangle(scene, (int(left), int(top)), (int(right), int(bottom)), tint.tolist(), cv2.FILLED)
    scene = cv2.GaussianBlur(scene, (0, 0), rng.uniform(2.5, 5)).astype(np.float32, copy=False)

    x, y = neck
    neck_corners = [(x + dx * identity.face_width * scale, y + dy * scale) for dx, dy in _NECK]
    shapes.blend(scene, shapes.polygon_mask(height, width, neck_corners, 1.2), np.multiply(identity.skin, 0.74))
    shoulders = [(x + dx * scale, y + dy * scale) for dx, dy in _SHOULDERS]
    shapes.blend(scene, shapes.polygon_mask(height, width, shoulders, 1.2), identity.clothes)
    return np.clip(scene, 0, 255).astype(np.uint8)
