"""Picks the one square that all frames of a clip are cropped to, from the faces in a few of them."""

import itertools
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from components.video_decoding.faces.face import Face, Pose

MARGIN: Final = 1.3
"""Side of the square relative to the longer side of the face's box."""

_SAME_FACE_OVERLAP = 0.3


class Square(NamedTuple):
    """A square within a frame, in pixels."""

    left: int
    top: int
    side: int


def clip_face(by_frame: Sequence[Sequence[Face]]) -> Face | None:
    """Returns the clip's face: the largest one that stays in place.

    Overlapping boxes in different frames are the same face, and the face with the largest sum of sides over the frames
    is taken, so that a large false detection that comes and goes loses. Its box is the median over the frames, so an
    error in one frame does not move it.

    Args:
        by_frame: the faces detected in each frame.

    Returns:
        None if there are none.
    """
    tracks = [_track(face, by_frame) for face in itertools.chain.from_iterable(by_frame)]
    if not tracks:
        return None
    return median_face(max(tracks, key=lambda track: sum(face.side for face in track)))


def median_face(track: Sequence[Face]) -> Face:
    """Returns the face with the median box, and the pose that most have."""
    boxes = [(face.left + face.width / 2, face.top + face.height / 2, face.width, face.height) for face in track]
    x, y, width, height = np.median(boxes, axis=0).tolist()
    frontal = sum(face.pose == "frontal" for face in track)
    pose: Pose = "frontal" if 2 * frontal >= len(track) else "profile"
    return Face(x - width / 2, y - height / 2, width, height, pose)


def square_around(face: Face, width: int, height: int) -> Square:
    """Returns the square around a face with `MARGIN`, moved and if necessary shrunk to fit a frame of this size."""
    side = max(1, min(round(MARGIN * face.side), width, height))
    left = round(face.left + face.width / 2 - side / 2)
    top = round(face.top + face.height / 2 - side / 2)
    return Square(min(max(left, 0), width - side), min(max(top, 0), height - side), side)


def _track(face: Face, by_frame: Sequence[Sequence[Face]]) -> list[Face]:
    nearest = [max(faces, key=lambda other: overlap(face, other)) for faces in by_frame if faces]
    return [other for other in nearest if overlap(face, other) > _SAME_FACE_OVERLAP]


def overlap(one: Face, other: Face) -> float:
    """Returns the intersection over union."""
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    both = max(across, 0) * max(down, 0)
    return both / (one.width * one.height + other.width * other.height - both)
