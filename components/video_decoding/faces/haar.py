"""OpenCV's cascades: no model file, no further package."""

import os

import cv2
import cv2.data
import numpy as np

from components.video_decoding.faces.face import Detect, Detector, Face, Pose

_SCALE_FACTOR = 1.1
_MIN_NEIGHBORS = 5


def load(_: bytes) -> Detect:
    """Loads the frontal cascade and the one of profiles, which is asked where no face looks into the camera."""
    frontal = _cascade("haarcascade_frontalface_alt2.xml")
    profile = _cascade("haarcascade_profileface.xml")

    def detect(frame: np.ndarray) -> list[Face]:
        # All of the range is used: in the dark, the cascades find nothing else.
        gray = cv2.normalize(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), None, 0, 255, cv2.NORM_MINMAX)  # type: ignore[call-overload]
        # The cascade knows one side of the face only; the other is found in the mirrored frame.
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


DETECTOR = Detector(load=load, check=load, long_side=480)
