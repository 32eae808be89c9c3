"""The interface of face detectors."""

import dataclasses
from collections.abc import Callable
from typing import Literal

import numpy as np

Pose = Literal["frontal", "profile"]


@dataclasses.dataclass(frozen=True)
class Face:
    """A face's box in pixels, from the left and top edge of the frame."""

    left: float
    top: float
    width: float
    height: float
    pose: Pose

    @property
    def side(self) -> float:
        """The longer side of the box."""
        return max(self.width, self.height)

    @property
    def center(self) -> tuple[float, float]:
        """The middle of the box, x and y."""
        return self.left + self.width / 2, self.top + self.height / 2

    def towards(self, other: "Face", share: float) -> "Face":
        """Returns the box at a share of the way from this one to another, with the pose of the nearer."""
        left, top, width, height = (
            (1 - share) * start + share * end for start, end in zip(self._numbers(), other._numbers(), strict=True)
        )
        return Face(left, top, width, height, self.pose if share < 0.5 else other.pose)

    def _numbers(self) -> tuple[float, float, float, float]:
        return self.left, self.top, self.width, self.height

    def scaled(self, factor: float) -> "Face":
        """Returns the same face in a frame that is `factor` times as large."""
        return Face(factor * self.left, factor * self.top, factor * self.width, factor * self.height, self.pose)

    def in_shares(self, width: int, height: int) -> tuple[float, float, float, float]:
        """Returns the box's left, top, right and bottom in shares of a frame of this size, from 0 to 1."""
        across = (self.left / width, (self.left + self.width) / width)
        down = (self.top / height, (self.top + self.height) / height)
        (left, right), (top, bottom) = (tuple(min(max(each, 0.0), 1.0) for each in ends) for ends in (across, down))
        return left, top, right, bottom


Detect = Callable[[np.ndarray], list[Face]]
"""Returns the faces in an upright frame, uint8 [H, W, 3] BGR, in any order."""


@dataclasses.dataclass(frozen=True)
class Detector:
    """A face detector.

    Attributes:
        load: returns the detecting function, given the content of the model file, empty if the detector brings its
        own. Raises UserError if it cannot.
        check: raises UserError if `load` would, without loading what is slow to load.
        long_side: pixels to which the longer side of a frame is reduced before detection.
        frames: how many sampled frames of a clip are looked at, evenly spread; None for all.
        needs_model: whether the user has to give a model file.
        packages: pip names of the packages that detect, besides OpenCV.
    """

    load: Callable[[bytes], Detect]
    check: Callable[[bytes], object]
    long_side: int
    frames: int | None = None
    needs_model: bool = False
    packages: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class FaceSearch:
    """How the faces of a clip are looked for.

    Attributes:
        detect: finds those of a frame.
        long_side: pixels to which the longer side of a frame is reduced beforehand.
        frames: how many sampled frames are looked at, evenly spread; None for all.
    """

    detect: Detect
    long_side: int = 640
    frames: int | None = None


def pose_of(right_eye: np.ndarray, left_eye: np.ndarray, nose: np.ndarray) -> Pose:
    """Returns the pose given by landmarks, [2] each: in a profile the tip of the nose is not between the eyes."""
    across = left_eye - right_eye
    position = np.dot(nose - right_eye, across) / max(np.dot(across, across), 1e-9)
    return "frontal" if 0 <= position <= 1 else "profile"
