"""Simulates the camera: poses the head's texture, lights it, and adds sensor noise."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.demo_data.painting.head import CENTRE
from pipeline.demo_data.painting.motion import Pose

_HALF_WIDTH, _HALF_HEIGHT = 112.0, 146.0
_DEPTH = 66.0  # distance of the nose from the plane of the ears, in pixels of the texture
_NOISE_MARGIN = 64


def pose_map(pose: Pose, *, height: int, width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Maps each pixel of a frame to the head's texture, treating the head as a dome.

    Returns:
      x and y in pixels of the texture, each float32 [height, width].
    """
    cosine, sine = np.float32(np.cos(pose.roll) / pose.scale), np.float32(np.sin(pose.roll) / pose.scale)
    columns = np.arange(width, dtype=np.float32) - np.float32(pose.x)
    rows = (np.arange(height, dtype=np.float32) - np.float32(pose.y))[:, None]
    across = cosine * columns + sine * rows
    down = cosine * rows - sine * columns
    # The nearer a point is to the camera, the further it moves as the head turns; the dome defines its depth.
    depth = 1 - np.square(across * np.float32(1 / _HALF_WIDTH)) - np.square(down * np.float32(1 / _HALF_HEIGHT))
    np.maximum(depth, np.float32(0), out=depth)
    across -= depth * np.float32(_DEPTH * np.sin(pose.yaw))
    down -= depth * np.float32(_DEPTH * np.sin(pose.pitch))
    across += np.float32(CENTRE[0])
    down += np.float32(CENTRE[1])
    return across, down


def lay_over(
    frame: NDArray[np.float32],
    colours: NDArray[np.uint8],
    opacity: NDArray[np.float32],
    place: tuple[NDArray[np.float32], NDArray[np.float32]],
    light: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Composites a posed and lit texture over a frame.

    Args:
      frame: float32 RGB [H, W, 3] from 0 to 255.
      colours: uint8 RGB texture [S, S, 3].
      opacity: float32 [S, S] from 0 to 1.
      place: the result of pose_map for the size of the frame.
      light: float64 [3], gain of each colour channel.

    Returns:
      float32 RGB [H, W, 3].
    """
    layer = lit(cv2.remap(colours, *place, cv2.INTER_LINEAR).astype(np.uint8, copy=False), light)
    weight = cv2.remap(opacity, *place, cv2.INTER_LINEAR)
    layer -= frame
    layer *= cv2.merge([weight, weight, weight])
    layer += frame
    return layer


def lit(colours: NDArray[np.uint8], light: NDArray[np.float64]) -> NDArray[np.float32]:
    """Multiplies uint8 RGB [H, W, 3] by a gain for each channel, float64 [3]; returns float32."""
    return cv2.transform(colours.astype(np.float32), np.diag(light)).astype(np.float32, copy=False)


def sensor_noise(rng: np.random.Generator, *, height: int, width: int) -> Iterator[NDArray[np.float32]]:
    """Generates the sensor noise of one clip, to be added to successive frames.

    Yields:
      float32 [height, width, 3], endlessly.
    """
    shape = (height + _NOISE_MARGIN, width + _NOISE_MARGIN, 3)
    # One field per clip, shifted from frame to frame: sampling one per frame would take half of the total time.
    field = rng.standard_normal(shape, np.float32) * np.float32(rng.uniform(5.0, 8.0))
    while True:
        top, left = rng.integers(_NOISE_MARGIN, size=2)
        yield field[top : top + height, left : left + width]
