"""Alters the frames of a clip: blends, then distorts."""

import functools

import cv2
import numpy as np

from components.video_decoding.alteration.alteration import Alteration
from components.video_decoding.alteration.distorting import distort
from components.video_decoding.alteration.face_masks import assumed_landmarks
from components.video_decoding.alteration.self_blending import self_blend
from components.video_decoding.faces.face_mesh import load_clip_landmarks

# Once for each decoding process.
_landmarks = functools.cache(load_clip_landmarks)


def alter(frames: list[np.ndarray], alteration: Alteration) -> list[np.ndarray]:
    """Returns altered frames; deterministic.

    Args:
        frames: uint8 [H, W, 3] BGR; those of another size than the first are resized to it.
        alteration: what is done. Where no frame has a face, one is assumed in the middle.

    Raises:
        UserError: if a package is not installed that finds faces.
    """
    height, width = frames[0].shape[:2]
    altered = [frame if frame.shape == frames[0].shape else cv2.resize(frame, (width, height)) for frame in frames]
    if alteration.blending_seed is not None:
        landmarks = _landmarks()(altered)
        if all(points is None for points in landmarks):
            landmarks = [assumed_landmarks(height, width)] * len(altered)
        altered = self_blend(altered, landmarks, np.random.default_rng(alteration.blending_seed))
    return distort(altered, alteration.distortion)
