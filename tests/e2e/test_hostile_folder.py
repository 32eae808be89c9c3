"""Commands run in a folder with files named like modules, which none of their processes may import."""

import json
import pathlib
import zipfile

import av
import numpy as np
import pytest
from brightness_model import write_brightness_model
from grey_clips import write_grey_clip
from hostile_folder import HostileFolder
from short_demo import SMALL_ENCODER
from test_package import distributions  # noqa: F401 (a fixture)

pytestmark = pytest.mark.e2e

DEEPFAKE = "from pipeline.cli.app import main; main()"
PROCESSES = 'beam_args=["--direct_running_mode=multi_processing"]'


@pytest.fixture
def hostile(tmp_path) -> HostileFolder:
    return HostileFolder(tmp_path / "hostile")


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> str:
    return str(write_brightness_model(tmp_path_factory.mktemp("models") / "1795571968"))


@pytest.fixture(scope="module")
def wheel(request, tmp_path_factory) -> str:
    """A folder with the contents of the wheel."""
    (path,) = request.getfixturevalue("distributions").glob("*.whl")
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return str(folder)


def ran(hostile: HostileFolder, *arguments: str, packages: tuple[str, ...] = ()) -> str:
    ended = hostile.run(DEEPFAKE, *arguments, packages=packages)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert hostile.imported == []
    return ended.stdout


def write_mpeg4(path: pathlib.Path) -> None:
    """Writes a clip that browsers cannot play, so that a preview is made."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(8):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 200, np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def scored(hostile: HostileFolder, model: str, packages: tuple[str, ...] = ()) -> None:
    write_mpeg4(hostile.folder / "old.avi")
    text = ran(
        hostile,
        *("score", "old.avi", "--model", model, "--out", "rows.jsonl", "--explain", "page.html", "--cache-dir", "none"),
        packages=packages,
    )
    assert "FAKE" in text
    (row,) = (json.loads(line) for line in (hostile.folder / "rows.jsonl").read_text().splitlines())
    assert row["verdict"] == "FAKE"
    page = (hostile.folder / "page.html").read_text()
    assert "A preview of 64x64 pixels" in page


def test_score_and_its_explanation(hostile, model):
    scored(hostile, model)


def test_score_and_its_explanation_from_the_wheel(hostile, model, wheel):
    scored(hostile, model, packages=(wheel,))


@pytest.mark.parametrize(
    "further",
    [pytest.param((), id="threads", marks=pytest.mark.long), pytest.param(("--set", PROCESSES), id="processes")],
)
def test_extract(hostile, further):
    for index in range(3):
        write_grey_clip(hostile.folder / "videos" / f"{index}.mp4", 60 * index)
    text = ran(
        hostile,
        *("extract", "videos", "--json", "--cache-dir", "cache", "--set", "encoder.weights=random:0"),
        *("--set", SMALL_ENCODER, "--set", "extraction.workers=2", *further),
    )
    assert json.loads(text)["decoded"] == 3


def test_check_and_demo_data(hostile):
    ran(hostile, "demo-data", "--out", "data", "--videos", "6")
    # Too few videos for a data set, so it reports problems.
    ended = hostile.run(DEEPFAKE, "check", "data", "--json")
    assert json.loads(ended.stdout)["probed"] == 6
    assert hostile.imported == []
