"""What all tests share: small encoded clips, and the data that only developers have."""

import os
import pathlib
import warnings
from collections.abc import Callable

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
warnings.filterwarnings("ignore", category=FutureWarning, module="google")

import numpy as np
import pytest

from pipeline.demo_data.encoding import write_clip

ROOT = pathlib.Path(__file__).parents[1]
WriteVideo = Callable[..., str]


@pytest.fixture(scope="session")
def shared_data() -> pathlib.Path:
    """Real weights and clips, which are not part of the project."""
    path = ROOT.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("../shared/data is not there")
    return path


@pytest.fixture
def write_video(tmp_path: pathlib.Path) -> WriteVideo:
    """Writes an H.264 clip of moving shapes and gives its path."""

    def write(name: str = "clip.mp4", *, frames: int = 30, width: int = 320, height: int = 240, seed: int = 0) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_clip(path, moving_shapes(frames, width, height, seed), fps=30, bit_rate=400_000)
        return str(path)

    return write


def moving_shapes(frames: int, width: int, height: int, seed: int = 0) -> list[np.ndarray]:
    """Frames uint8 [H, W, 3], each different from all others."""
    generator = np.random.default_rng(seed)
    background = generator.integers(60, 200, (height // 8 + 1, width // 8 + 1, 3), np.uint8)
    background = background.repeat(8, axis=0).repeat(8, axis=1)[:height, :width]
    clip = []
    for index in range(frames):
        frame = np.roll(background, 3 * index, axis=1)
        frame[: height // 4, : (index + 1) * width // (frames + 1)] = (255, 40, 10)
        clip.append(frame)
    return clip
