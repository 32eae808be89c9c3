"""OpenCV's Haar cascades, which need no model file and no other package."""

import os

import cv2
import cv2.data
import numpy as np

from components.video_decoding.faces.face import Detect, Detector, Face, Pose

_SCALE_FACTOR = 1.1
_MIN_NEIGHBORS = 5


def load(_: bytes) -> Detect:
    """Loads the frontal cascade and the profile cascade, which is used if there is no frontal face."""
    frontal = _cascade("haarcascade_frontalface_alt2.xml")
    profile = _cascade("haarcascade_profileface.xml")

    def detect(frame: np.ndarray) -> list[Face]:
        # Stretched to the full range, since the cascades find nothing in dark frames.
        gray = cv2.normalize(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), None, 0, 255, cv2.NORM_MINMAX)  # type: ignore[call-overload]
        # The cascade detects one side of the face only; the other is detected in the mirrored frame.
        return (
            _faces(frontal, gray, "frontal")
            or _faces(profile, gray, "profile")
            or [_mirrored(face, gray.shape[1]) for face in _faces(profile, cv2.flip(gray, 1), "profile")]
        )

    return detect


def _cascade(name: str) -> cv2.CascadeClassifier:
    return cv2.CascadeClassifier(os.path.join(cv2.data.haarcascades, name))


def _faces(cascade: cv2.CascadeClassifier, gray: np.ndarray, pose: Pose) -> list[Face]:
    boxes = cascade.detectMultiScale(gray, scaleFactor=_SCALE_FACTOR, minNeighbors=_MIN_NEIGHBORS)
    return [Face(float(left), float(top), float(width), float(height), pose) for left, top, width, height in boxes]


def _mirrored(face: Face, width: int) -> Face:
    return Face(width - face.left - face.width, face.top, face.width, face.height, face.pose)


DETECTOR = Detector(load=load, check=load, long_side=480, frames=5)
