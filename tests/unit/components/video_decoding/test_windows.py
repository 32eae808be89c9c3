"""Windows are placed by time, and each is sampled as a video of its own."""

import itertools
import pathlib
from fractions import Fraction

import av
import numpy as np
import pytest
from drawn_frames import moving_shapes
from hypothesis import given
from hypothesis import strategies as st

from components.video_decoding.clip import DecodedVideo, DecodedWindow, StartedAgain
from components.video_decoding.decode import decode_clip, decode_windows
from components.video_decoding.frame_choice import FrameChoice
from components.video_decoding.sampling import SAMPLINGS, sample_positions
from components.video_decoding.windows import Windowing, place_windows
from components.video_errors import Reason, VideoError

DURATIONS = st.floats(0.05, 600)
LENGTHS = st.floats(2, 600)
SIZE = 64
MILLISECOND = 0.002


@given(DURATIONS, LENGTHS, st.floats(0.2, 1))
def test_windows_cover_a_video_evenly(duration, length, hop):
    windows = place_windows(Windowing(length, hop * length), duration)
    assert windows[0].start_s == 0
    assert windows[-1].end_s == pytest.approx(duration, abs=MILLISECOND)
    lengths = [end - start for start, end in windows]
    assert max(lengths) - min(lengths) < 3 * MILLISECOND
    for one, other in itertools.pairwise(windows):
        assert one.start_s < other.start_s <= one.end_s < other.end_s


@given(DURATIONS, LENGTHS)
def test_a_window_is_about_as_long_as_wanted(duration, length):
    windows = place_windows(Windowing(length), duration)
    assert (
        len(windows) == max(1, int(np.ceil(duration / length - 0.5 - 1e-12))) or abs(duration / length % 1 - 0.5) < 1e-6
    )
    if duration > length:
        assert all(0.66 * length < end - start < 1.51 * length + MILLISECOND for start, end in windows)


@pytest.mark.parametrize(("duration", "count"), [(10, 1), (15, 1), (15.1, 2), (25, 2), (600, 60)])
def test_a_video_of_up_to_one_and_a_half_windows_has_one(duration, count):
    assert len(place_windows(Windowing(10), duration)) == count


@given(DURATIONS, LENGTHS, st.integers(1, 50))
def test_the_most_windows_are_spread_evenly(duration, length, most):
    everything = place_windows(Windowing(length), duration)
    some = place_windows(Windowing(length, most=most), duration)
    assert len(some) == min(most, len(everything))
    places = [everything.index(window) for window in some]
    gaps = np.diff([-1, *places, len(everything)])
    assert gaps[1:-1].max(initial=1) - gaps[1:-1].min(initial=len(everything)) <= 1 or len(some) == 1


def test_a_span_is_cut_as_a_video_is():
    assert place_windows(Windowing(10, from_s=60, to_s=80), 600) == [(60, 70), (70, 80)]
    assert place_windows(Windowing(from_s=60), 600) == [(60, 600)]
    assert place_windows(Windowing(10, to_s=25), 12) == [(0, 12)]
    assert place_windows(Windowing(10, from_s=60), 50) == []


def write(path: pathlib.Path, times_ms: list[int], *, codec: str = "libx264", **options: str) -> str:
    """Writes a frame for each time in milliseconds."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=30, options=options)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for time_ms, picture in zip(times_ms, moving_shapes(len(times_ms), 96, 64), strict=True):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = time_ms, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return str(path)


def steady(frames: int) -> list[int]:
    return [40 * number for number in range(frames)]


def parts_of(path: str, choice: FrameChoice) -> tuple[list[DecodedWindow], DecodedVideo]:
    windows: list[DecodedWindow] = []
    for part in decode_windows(path, choice, size=SIZE):
        if isinstance(part, StartedAgain):
            windows = []
        elif isinstance(part, DecodedWindow):
            windows.append(part)
    assert isinstance(part, DecodedVideo)
    return windows, part


def every_frame(path: str) -> tuple[np.ndarray, np.ndarray]:
    """All frames and their times, by decoding in sequence."""
    clip = decode_clip(path, sampling="first", frames=10_000, size=SIZE)
    return clip.frames, clip.timestamps_s


@pytest.mark.parametrize("sampling", [each for each in SAMPLINGS if each != "keyframes"])
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("b-frames.mp4", {"g": "24", "bf": "3"}),
        ("one-group.mp4", {"g": "1000", "bf": "2"}),
        ("mpeg4.avi", {"codec": "mpeg4", "bf": "2"}),
        ("open-gop.mkv", {"g": "24", "bf": "3", "x264-params": "open-gop=1:b-adapt=0:scenecut=0"}),
    ],
)
@pytest.mark.parametrize("windowing", [Windowing(1.0), Windowing(1.0, 0.4), Windowing(2.0, from_s=1, to_s=4)])
def test_a_window_has_the_frames_that_a_clock_puts_into_it(tmp_path, sampling, name, options, windowing):
    path = write(tmp_path / name, steady(150), **options)
    frames, times = every_frame(path)
    windows, video = parts_of(path, FrameChoice(sampling, 8, windowing))
    assert [each.window for each in windows] == place_windows(windowing, video.end_s)
    for decoded in windows:
        (start, end), (clip,), (times_s,) = decoded.window, decoded.clips, decoded.times_s
        within = np.flatnonzero((times >= start - 1e-6) & (times < end - 1e-6))
        wanted = within[list(sample_positions(sampling, len(within), 8))]
        np.testing.assert_allclose(times_s, times[wanted], atol=1e-6)
        np.testing.assert_array_equal(clip.frames, frames[wanted])


def test_windows_of_a_variable_frame_rate_lie_where_a_clock_says(tmp_path):
    slow, fast = [500 * number for number in range(20)], [10_000 + 20 * number for number in range(500)]
    path = write(tmp_path / "variable.mp4", slow + fast)
    windows, video = parts_of(path, FrameChoice("uniform", 4, Windowing(5.0)))
    assert video.end_s == pytest.approx(20, abs=0.03)
    for number, decoded in enumerate(windows):
        start = number * video.end_s / 4
        assert decoded.window.start_s == pytest.approx(start, abs=MILLISECOND)
        # The middle of each quarter, by frames, which within a window are evenly spaced.
        expected = start + video.end_s / 4 * (2 * np.arange(4) + 1) / 8
        np.testing.assert_allclose(decoded.times_s[0], expected, atol=0.51)


def test_a_window_without_a_frame_has_no_clip(tmp_path):
    still = write(tmp_path / "still.mp4", [*steady(25), *(time + 9000 for time in steady(25))])
    windows, _ = parts_of(still, FrameChoice("uniform", 4, Windowing(1.0)))
    assert [round(each.window.start_s) for each in windows] == [0, 9]


def test_where_the_video_has_ended_there_is_nothing_to_look_at(tmp_path):
    path = write(tmp_path / "short.mp4", steady(50))
    with pytest.raises(VideoError) as refused:
        parts_of(path, FrameChoice("uniform", 4, Windowing(1.0, from_s=60)))
    assert refused.value.reason is Reason.NO_FRAMES
    assert "ends at 2 s" in refused.value.detail


def test_a_file_that_contradicts_its_packets_is_decoded_again_from_the_start(tmp_path):
    whole = pathlib.Path(write(tmp_path / "whole.mp4", steady(250), g="25", bf="0"))
    content = bytearray(whole.read_bytes())
    # In the pictures, not in the index at the end.
    middle = len(content) // 2
    content[middle : middle + 400] = bytes(400)
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(content)
    parts = list(decode_windows(str(damaged), FrameChoice("uniform", 25, Windowing(2.0)), size=SIZE))
    first, *_, again = (number for number, part in enumerate(parts) if isinstance(part, StartedAgain))
    assert first > 0, "windows before the damage were decoded"
    assert isinstance(parts[-1], DecodedVideo)
    assert parts[-1].truncated
    frames, times = every_frame(str(damaged))
    for decoded in parts[again + 1 : -1]:
        places = np.searchsorted(times, decoded.times_s[0])
        np.testing.assert_array_equal(decoded.clips[0].frames, frames[places])


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_a_short_video_is_taken_whole(tmp_path, sampling):
    path = write(tmp_path / "short.mp4", steady(50), g="10")
    (window,), _ = parts_of(path, FrameChoice(sampling, 8, Windowing(1.5)))
    clip = decode_clip(path, sampling=sampling, frames=8, size=SIZE)
    np.testing.assert_array_equal(window.clips[0].frames, clip.frames)
    np.testing.assert_array_equal(window.times_s[0], clip.timestamps_s)
