"""Frames are altered as a whole, upright and at the size of the video, and then cropped as any others."""

import numpy as np
import pytest

from components.video_decoding.altered_crop import MAX_SIDE
from components.video_decoding.decode import decode_clip
from components.video_decoding.faces.face import Face, FaceSearch

SETTINGS = {"sampling": "uniform", "frames": 4, "size": 48}


def negative(frames: list[np.ndarray]) -> list[np.ndarray]:
    return [255 - frame for frame in frames]


@pytest.mark.parametrize("faces", [None, FaceSearch(lambda frame: [Face(30, 10, 20, 20, "frontal")])])
def test_the_crop_is_the_same_and_so_are_the_pixels_but_for_the_alteration(write_video, faces):
    path = write_video(frames=9, width=96, height=64)
    plain, altered = (decode_clip(path, **SETTINGS, faces=faces, alter=alter) for alter in (None, negative))
    assert np.abs(255 - altered.frames.astype(int) - plain.frames).max() <= 1
    assert (altered.crop_side, altered.face_status, altered.color) == (plain.crop_side, plain.face_status, plain.color)
    np.testing.assert_array_equal(altered.timestamps_s, plain.timestamps_s)


def test_all_frames_of_a_clip_are_altered_at_once_and_large_ones_reduced(write_video):
    path = write_video(frames=3, width=2 * MAX_SIDE, height=64)
    seen = []

    def look(frames: list[np.ndarray]) -> list[np.ndarray]:
        seen.extend(frames)
        return frames

    assert decode_clip(path, **SETTINGS, alter=look).crop_side == 32
    assert [frame.shape for frame in seen] == [(32, MAX_SIDE, 3)] * 3
