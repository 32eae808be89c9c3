"""The available face detectors, by name."""

import dataclasses
import hashlib
import threading
from typing import Final

import cv2
import numpy as np

from components.video_decoding.faces import blazeface, haar, mtcnn, yunet
from components.video_decoding.faces.face import Detect, Detector, Face, FaceSearch

DETECTORS: Final[dict[str, Detector]] = {
    "blazeface": blazeface.DETECTOR,
    "haar": haar.DETECTOR,
    "mtcnn": mtcnn.DETECTOR,
    "yunet": yunet.DETECTOR,
}


@dataclasses.dataclass(frozen=True)
class FaceDetection:
    """The detector to use.

    Attributes:
        detector: a key of `DETECTORS`.
        model: content of its model file; empty if it needs none.
    """

    detector: str
    model: bytes = b""

    @property
    def model_digest(self) -> str:
        """SHA-256 of the model file in hexadecimal; empty if there is none."""
        return hashlib.sha256(self.model).hexdigest() if self.model else ""

    def load(self) -> Detect:
        """Loads the detector, which then takes frames of any size.

        Raises:
            UserError: if it is not available.
        """
        found = self.search()
        return at_reduced_size(found.detect, found.long_side)

    def search(self) -> FaceSearch:
        """Loads the detector for the frames of clips.

        Raises:
            UserError: if it is not available.
        """
        detector = DETECTORS[self.detector]
        return FaceSearch(one_at_a_time(detector.load(self.model)), detector.long_side, detector.frames)

    def check(self) -> None:
        """Checks that the detector is available.

        Raises:
            UserError: if it is not.
        """
        DETECTORS[self.detector].check(self.model)


def one_at_a_time(detect: Detect) -> Detect:
    """Makes a detector safe to call from several threads: OpenCV's keep mutable state."""
    lock = threading.Lock()

    def detect_alone(frame: np.ndarray) -> list[Face]:
        with lock:
            return detect(frame)

    return detect_alone


def at_reduced_size(detect: Detect, long_side: int) -> Detect:
    """Detects in a frame whose longer side is reduced to `long_side` pixels; boxes refer to the full-size frame."""

    def detect_reduced(frame: np.ndarray) -> list[Face]:
        factor = max(frame.shape[:2]) / long_side
        if factor <= 1:
            return detect(frame)
        height, width = (max(1, round(side / factor)) for side in frame.shape[:2])
        reduced = cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA)
        return [face.scaled(factor) for face in detect(reduced)]

    return detect_reduced
