"""MTCNN by the package `mtcnn` (extra `faces`), which runs on TensorFlow and brings its weights."""

import importlib.util
from typing import Any

import cv2
import numpy as np

from components.errors import UserError
from components.video_decoding.faces.face import Detect, Detector, Face, pose_of

_PACKAGE = "mtcnn"


def check(_: bytes) -> None:
    """Checks that the package is installed, without the seconds that importing TensorFlow takes.

    Raises:
        UserError: if it is not.
    """
    if importlib.util.find_spec(_PACKAGE) is None:
        raise UserError(
            "extraction.face_detector='mtcnn': the package mtcnn is not installed; type "
            "pip install 'deepfake-video-pipeline[faces]', or take haar"
        )


def load(model: bytes) -> Detect:
    """Loads MTCNN's three networks.

    Raises:
        UserError: if the package is not installed.
    """
    check(model)
    from mtcnn import MTCNN

    networks = MTCNN(device="CPU:0")

    def detect(frame: np.ndarray) -> list[Face]:
        return [_face(found) for found in networks.detect_faces(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))]

    return detect


def _face(found: dict[str, Any]) -> Face:
    points = {name: np.asarray(point, np.float64) for name, point in found["keypoints"].items()}
    # The package's left and right are the picture's; it only matters whether the nose is between them.
    left, top, width, height = map(float, found["box"])
    return Face(left, top, width, height, pose_of(points["right_eye"], points["left_eye"], points["nose"]))


DETECTOR = Detector(load=load, check=check, long_side=320, frames=5, packages=(_PACKAGE,))
