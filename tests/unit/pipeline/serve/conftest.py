"""A service whose model gives known answers."""

import pathlib
from collections.abc import Iterator

import httpx
import pytest
from brightness_model import write_brightness_model
from grey_clips import write_grey_clip
from served_model import served

from components.served_model.folder import ModelFolder, open_model
from pipeline.serve.requests.limits import Limits


@pytest.fixture(scope="session")
def model(tmp_path_factory) -> ModelFolder:
    return open_model(str(write_brightness_model(tmp_path_factory.mktemp("models") / "1795571968")))


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> bytes:
    return pathlib.Path(write_grey_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", 200)).read_bytes()


@pytest.fixture(scope="module")
def client(model) -> Iterator[httpx.Client]:
    limits = Limits(upload_bytes=1 << 20, at_work=1, waiting=0)
    with (
        served(pathlib.Path(model.path), limits) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


@pytest.fixture(autouse=True)
def uploads(tmp_path, monkeypatch) -> pathlib.Path:
    """The folder for the service's temporary files."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder
