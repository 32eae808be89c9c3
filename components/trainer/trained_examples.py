"""Which examples of the train split are trained on, and how many of each class there are."""

import hashlib
from typing import NamedTuple

from components.features import PSEUDO_FAKE_MARK, source_id


class Counts(NamedTuple):
    """Numbers of videos by label."""

    reals: int
    fakes: int


def is_trained_on(video_id: bytes, *, fake: bool, given_fakes: float) -> bool:
    """Whether an example is trained on: all are, except for fakes of the data set beyond a share.

    Args:
        video_id: of the example.
        fake: its label.
        given_fakes: the share of the data set's fakes that is trained on, from 0 to 1. A larger share contains what a
            smaller one does, and a video's variants are trained on if it is.
    """
    if not fake or PSEUDO_FAKE_MARK in video_id:
        return True
    place = int.from_bytes(hashlib.sha256(source_id(video_id)).digest()[:8], "big") / 2**64
    return place < given_fakes


def is_given(video_id: bytes) -> bool:
    """Whether an example is a video of the data set, rather than made of one by augmentation."""
    return source_id(video_id) == video_id
