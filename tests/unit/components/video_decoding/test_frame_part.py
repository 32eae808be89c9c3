"""A part cut out before conversion has the same pixels as one cut out after it."""

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange
from hypothesis import given, settings
from hypothesis import strategies as st

from components.video_decoding.crop import central_square
from components.video_decoding.faces.clip_face import Square
from components.video_decoding.frame_part import FrameCutter


def noise(width: int, height: int, pixel_format: str, seed: int = 0) -> av.VideoFrame:
    """A frame of uncorrelated pixels."""
    frame = av.VideoFrame(width, height, pixel_format)
    generator = np.random.default_rng(seed)
    for plane in frame.planes:
        plane.update(generator.integers(0, 256, plane.buffer_size, np.uint8).tobytes())
    return frame


def bgr(frame: av.VideoFrame) -> np.ndarray:
    return frame.to_ndarray(format="bgr24", src_colorspace="ITU601", dst_colorspace="ITU601", threads=1)


def within(pixels: np.ndarray, square: Square) -> np.ndarray:
    return pixels[square.top : square.top + square.side, square.left : square.left + square.side]


@given(
    width=st.integers(16, 700),
    height=st.integers(16, 700),
    pixel_format=st.sampled_from(["yuv420p", "yuvj420p", "yuv422p", "yuv444p", "yuv420p10le", "nv12", "gray", "rgb24"]),
    full_range=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_pixels_are_those_of_the_whole_frame(width, height, pixel_format, full_range):
    frame = noise(width, height, pixel_format)
    frame.color_range = ColorRange.JPEG if full_range else ColorRange.MPEG
    square = central_square(width, height)
    part, there = FrameCutter().cut(frame, square)
    np.testing.assert_array_equal(within(bgr(part), there), within(bgr(frame), square))


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920), (1366, 768), (854, 480), (242, 360)])
def test_a_common_frame_is_cut_to_little_more_than_the_square(width, height):
    part, there = FrameCutter().cut(noise(width, height, "yuv420p"), central_square(width, height))
    assert there.side == min(width, height)
    assert max(part.width, part.height) < there.side + 2 * 16
    assert min(part.width, part.height) == there.side


def test_frames_of_another_size_in_one_clip_are_cut_as_they_are():
    cutter = FrameCutter()
    for width, height in [(320, 240), (640, 360), (320, 240)]:
        frame, square = noise(width, height, "yuv420p", seed=width), central_square(width, height)
        part, there = cutter.cut(frame, square)
        np.testing.assert_array_equal(within(bgr(part), there), within(bgr(frame), square))
