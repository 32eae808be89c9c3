import pathlib
from collections.abc import Iterator

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.demo_data import write_clip


def noise_frames(count: int, height: int, width: int, strength: int = 255) -> Iterator[NDArray[np.uint8]]:
    rng = np.random.default_rng(0)
    for _ in range(count):
        yield rng.integers(0, strength + 1, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize(("count", "height", "width", "fps"), [(1, 32, 32, 1), (30, 64, 96, 30), (25, 90, 50, 25)])
def test_size_length_and_rate_are_as_asked(
    tmp_path: pathlib.Path, count: int, height: int, width: int, fps: int
) -> None:
    path = tmp_path / "clip.mp4"
    write_clip(path, noise_frames(count, height, width), fps=fps, bit_rate=100_000)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        images = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
        assert [image.shape for image in images] == [(height, width, 3)] * count
        assert stream.average_rate == fps
        assert stream.duration is not None
        assert stream.time_base is not None
        assert float(stream.duration * stream.time_base) == pytest.approx(count / fps)


def test_colours_survive(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "clip.mp4"
    frames = np.empty((5, 48, 64, 3), np.uint8)
    frames[:] = (200, 120, 40)
    write_clip(path, frames, fps=25, bit_rate=500_000)
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            assert np.abs(frame.to_ndarray(format="rgb24").astype(int) - (200, 120, 40)).max() <= 5


@pytest.mark.parametrize("strength", [60, 255])
def test_the_bit_rate_is_kept_whatever_the_content(tmp_path: pathlib.Path, strength: int) -> None:
    path = tmp_path / "clip.mp4"
    write_clip(path, noise_frames(60, 128, 128, strength), fps=30, bit_rate=400_000)
    assert path.stat().st_size * 8 / 2 == pytest.approx(400_000, rel=0.5)


def test_options_reach_the_encoder(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "clip.mp4"
    write_clip(path, noise_frames(20, 32, 32), fps=25, bit_rate=100_000, options={"g": "5", "sc_threshold": "0"})
    with av.open(str(path)) as container:
        keyframes = [packet.is_keyframe for packet in container.demux(video=0) if packet.size]
    assert sum(keyframes) == 4


@pytest.mark.parametrize(
    ("shapes", "named"),
    [([], "at least one frame"), ([(33, 32)], "even sides"), ([(32, 32), (32, 34)], "differ in shape")],
)
def test_impossible_frames_are_refused(tmp_path: pathlib.Path, shapes: list[tuple[int, int]], named: str) -> None:
    frames = [np.zeros((*shape, 3), np.uint8) for shape in shapes]
    with pytest.raises(ValueError, match=named):
        write_clip(tmp_path / "clip.mp4", frames, fps=25, bit_rate=100_000)
