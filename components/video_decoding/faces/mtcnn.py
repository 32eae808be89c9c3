"""The package `mtcnn`, which computes with TensorFlow and brings its weights; the extra `faces`."""

import importlib.util
from typing import Any

import cv2
import numpy as np

from components.errors import UserError
from components.video_decoding.faces.face import Detect, Detector, Face, pose_of

_PACKAGE = "mtcnn"


def check(_: bytes) -> None:
    """Makes sure that the package is there, without the seconds that TensorFlow takes to import.

    Raises:
        UserError: if it is not.
    """
    if importlib.util.find_spec(_PACKAGE) is None:
        raise UserError(
            "extraction.face_detector='mtcnn': the package mtcnn is not installed; type "
            "pip install 'deepfake-video-pipeline[faces]', or take haar"
        )


def load(model: bytes) -> Detect:
    """Loads the three networks.

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
    # The package's left and right are those of the picture; only the nose between them counts.
    left, top, width, height = map(float, found["box"])
    return Face(left, top, width, height, pose_of(points["right_eye"], points["left_eye"], points["nose"]))


DETECTOR = Detector(load=load, check=check, long_side=320, package=_PACKAGE)
