"""What all tests share: small encoded clips, and the data that only developers have."""

import os
import pathlib
import warnings
from collections.abc import Callable

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
warnings.filterwarnings("ignore", category=FutureWarning, module="google")

import pytest
from drawn_frames import moving_shapes

from pipeline.demo_data.encoding import write_clip

ROOT = pathlib.Path(__file__).parents[1]
WriteVideo = Callable[..., str]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps tests together, in one of several processes, that share what is dear to make."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))


def _group(item: pytest.Item) -> str:
    path = item.path.relative_to(ROOT / "tests")
    # A process that has the image keeps others from it until the process ends.
    dear = {"run_pipeline", "image"} & set(getattr(item, "fixturenames", ()))
    if dear or path.parts[:2] == ("e2e", "compiled"):
        return "runs of the pipeline and the image"
    return str(path.parent if path.parts[0] == "engines" else path)


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
