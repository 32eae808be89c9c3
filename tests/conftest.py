"""Fixtures for all tests: small encoded clips, the command, and data that only developers have."""

import gc
import os
import pathlib
import sys
import warnings
from collections.abc import Callable, Iterator

from few_threads import limit_threads

limit_threads()
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
warnings.filterwarnings("ignore", category=FutureWarning, module="google")

import hypothesis
import pytest
from drawn_frames import moving_shapes

from components.imports import without_collections
from pipeline.demo_data.encoding import write_clip

ROOT = pathlib.Path(__file__).parents[1]
WriteVideo = Callable[..., str]

# No deadlines, since the machine may be busy with other tests.
hypothesis.settings.register_profile("any machine", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("any machine")

_RUNS = "runs of the pipeline"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Imports all tests without the garbage collector, and has it pass over what they have imported."""
    with without_collections():
        yield
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps tests that share expensive fixtures in one worker process, and puts runs of the pipeline first."""
    groups = {item: _group(item) for item in items}
    items.sort(key=lambda item: groups[item] != _RUNS)
    for item, group in groups.items():
        item.add_marker(pytest.mark.xdist_group(group))


def _group(item: pytest.Item) -> str:
    path = item.path.relative_to(ROOT / "tests")
    if "run_pipeline" in getattr(item, "fixturenames", ()) or path.parts[:2] == ("e2e", "compiled"):
        return _RUNS
    if "undisturbed" in getattr(item, "fixturenames", ()):
        return "faults"
    return str(path.parent if path.parts[0] == "engines" else path)


@pytest.fixture(scope="session")
def shared_data() -> pathlib.Path:
    """Real weights and clips, which are not part of the project."""
    path = ROOT.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("../shared/data is not there")
    return path


@pytest.fixture(autouse=True)
def forgotten_s3_client() -> Iterator[None]:
    """Forgets the process's S3 client after each test: it stays with the address that the environment gave it."""
    yield
    if "components.s3" in sys.modules:
        sys.modules["components.s3"]._client.cache_clear()


@pytest.fixture
def deepfake(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: pathlib.Path
) -> Callable[..., tuple[int, str, str]]:
    """Runs the command in this process, in a temporary folder; returns exit code, output and errors."""
    from pipeline.cli.app import main

    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["deepfake", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capfd.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return run


@pytest.fixture
def notices() -> Iterator[list[str]]:
    """The lines that the code has for the user during the test, as they are shown."""
    from pipeline.terminal.console import notices_shown

    lines: list[str] = []
    with notices_shown(lines.append):
        yield lines


@pytest.fixture
def write_video(tmp_path: pathlib.Path) -> WriteVideo:
    """Writes an H.264 clip of moving shapes and returns its path."""

    def write(name: str = "clip.mp4", *, frames: int = 30, width: int = 320, height: int = 240, seed: int = 0) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_clip(path, moving_shapes(frames, width, height, seed), fps=30, bit_rate=400_000)
        return str(path)

    return write
