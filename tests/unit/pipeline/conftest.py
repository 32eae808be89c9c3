"""A model and videos of known brightness."""

import pathlib
from collections.abc import Callable

import pytest
from brightness_model import write_brightness_model
from grey_clips import write_grey_clip


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory) -> pathlib.Path:
    return write_brightness_model(tmp_path_factory.mktemp("models") / "1795571968")


@pytest.fixture(scope="session")
def grey_clip() -> Callable[..., str]:
    """Writes a uniformly grey clip; 255 is white."""

    return write_grey_clip
