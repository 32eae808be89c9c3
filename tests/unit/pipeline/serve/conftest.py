"""A service of a model of known answers."""

import pathlib

import pytest
from brightness_model import write_brightness_model
from fastapi.testclient import TestClient

from components.trainer.model_folder import ModelFolder, open_model
from pipeline.score.videos import extraction_settings
from pipeline.serve.app import create_app
from pipeline.serve.limits import Limits


@pytest.fixture(scope="session")
def model(tmp_path_factory) -> ModelFolder:
    return open_model(str(write_brightness_model(tmp_path_factory.mktemp("models") / "1795571968")))


@pytest.fixture(scope="module")
def client(model) -> TestClient:
    limits = Limits(upload_bytes=1 << 20, at_work=1, waiting=0)
    return TestClient(create_app(model, extraction_settings(model, cache_dir="", face_model=""), limits))


@pytest.fixture(autouse=True)
def uploads(tmp_path, monkeypatch) -> pathlib.Path:
    """Where temporary files of the service lie."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder
