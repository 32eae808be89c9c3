"""What platforms do to frames, and that it comes out as described."""

import numpy as np
import pytest
from drawn_frames import moving_shapes
from hypothesis import given, settings
from hypothesis import strategies as st

from components.video_decoding.alteration.alteration import Distortion
from components.video_decoding.alteration.distorting import distort
from components.video_decoding.decode import decode_clip
from components.video_decoding.sampling import at_frame_rate, sample_positions

FRAMES = moving_shapes(4, 96, 64, seed=0)


def error(distortion: Distortion) -> float:
    found = distort(FRAMES, distortion)
    return float(np.abs(np.asarray(found, float) - np.asarray(FRAMES, float)).mean())


def test_nothing_is_done_by_default():
    np.testing.assert_array_equal(distort(FRAMES, Distortion()), FRAMES)


@pytest.mark.parametrize(
    "harder",
    [
        [Distortion(crf=crf) for crf in (18, 30, 42)],
        [Distortion(jpeg_quality=quality) for quality in (95, 60, 20)],
        [Distortion(scale=scale) for scale in (0.8, 0.5, 0.25)],
        [Distortion(blur=blur) for blur in (5, 10, 20)],
        [Distortion(brightness=brightness) for brightness in (0.02, 0.1, 0.3)],
    ],
)
def test_more_of_it_changes_more(harder):
    errors = [error(distortion) for distortion in harder]
    assert 0 < errors[0] < errors[1] < errors[2]


@settings(max_examples=25)
@given(
    crf=st.sampled_from([0, 30]),
    jpeg_quality=st.sampled_from([0, 50]),
    scale=st.sampled_from([1.0, 0.5]),
    crop=st.sampled_from([0.0, 0.1]),
    height=st.integers(1, 70),
    width=st.integers(1, 70),
    count=st.integers(1, 4),
)
def test_frames_of_any_size_stay_frames(crf, jpeg_quality, scale, crop, height, width, count):
    frames = [np.full((height, width, 3), 90, np.uint8)] * count
    found = distort(frames, Distortion(crf=crf, jpeg_quality=jpeg_quality, scale=scale, crop=crop))
    assert len(found) == count
    for frame in found:
        assert frame.dtype == np.uint8
        for side, before in zip(frame.shape[:2], (height, width), strict=True):
            assert abs(side - (before - 2 * int(crop * before))) <= 1
        assert abs(frame.astype(float) - 90).max() < 12


def test_the_result_is_the_same_each_time():
    distortion = Distortion(crf=30, scale=0.5, blur=3, brightness=-0.05)
    np.testing.assert_array_equal(distort(FRAMES, distortion), distort(FRAMES, distortion))


@given(count=st.integers(1, 2000), frames=st.integers(1, 40), rate=st.sampled_from([1.0, 0.8, 2 / 3, 0.5, 0.1]))
def test_a_lower_frame_rate_takes_frames_that_are_there_in_their_order(count, frames, rate):
    left = int(np.ceil(count * rate))
    for sampling in ("uniform", "first", "bursts"):
        positions = list(at_frame_rate(sample_positions(sampling, left, frames), rate))
        assert positions == sorted(set(positions))
        assert 0 <= positions[0] <= positions[-1] < count


@pytest.mark.parametrize(("sampling", "expected"), [("first", [0, 2, 4, 6]), ("uniform", [2, 6, 10, 14])])
def test_at_half_the_frame_rate_every_second_frame_is_seen(write_video, sampling, expected):
    path = write_video(frames=16, width=96, height=64)
    everything = decode_clip(path, sampling="first", frames=16, size=32)
    half = decode_clip(path, sampling=sampling, frames=4, size=32, frame_rate=0.5)
    np.testing.assert_array_equal(half.frames, everything.frames[expected])
    np.testing.assert_allclose(half.timestamps_s, everything.timestamps_s[expected])
