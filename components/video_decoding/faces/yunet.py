"""YuNet by OpenCV, with a model file supplied by the user."""

import contextlib
from collections.abc import Iterator

import cv2
import numpy as np

from components.errors import UserError
from components.video_decoding.faces.face import Detect, Detector, Face, pose_of

_MIN_SCORE = 0.8
_SILENT = 0


def load(model: bytes) -> Detect:
    """Loads the ONNX model and tries it on a black frame.

    Raises:
        UserError: if it is not a YuNet model.
    """
    # OpenCV also prints to stderr what it raises.
    with _silent_opencv():
        try:
            network = cv2.FaceDetectorYN.create(
                "onnx", np.frombuffer(model, np.uint8), np.zeros(0, np.uint8), (320, 320), score_threshold=_MIN_SCORE
            )
            network.detect(np.zeros((320, 320, 3), np.uint8))
        except cv2.error as error:
            raise UserError(
                "extraction.face_model: OpenCV cannot use the file as a YuNet model "
                f"({' '.join(str(error).split())[:150]}); take an ONNX file such as face_detection_yunet_2023mar.onnx"
            ) from error

    def detect(frame: np.ndarray) -> list[Face]:
        network.setInputSize((frame.shape[1], frame.shape[0]))
        _, found = network.detect(frame)
        return [] if found is None else [_face(row) for row in found.astype(np.float64)]

    return detect


def _face(row: np.ndarray) -> Face:
    # Box; x and y of the right eye, left eye, nose and corners of the mouth; score.
    left, top, width, height = row[:4].tolist()
    return Face(left, top, width, height, pose_of(row[4:6], row[6:8], row[8:10]))


@contextlib.contextmanager
def _silent_opencv() -> Iterator[None]:
    level = cv2.getLogLevel()
    cv2.setLogLevel(_SILENT)
    try:
        yield
    finally:
        cv2.setLogLevel(level)


DETECTOR = Detector(load=load, check=load, long_side=640, frames=5, needs_model=True)
