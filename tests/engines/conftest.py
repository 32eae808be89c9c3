"""What several engines are tried on: the project's container image, built once a session, and a small data set."""

import os
import pathlib
import shutil
from collections.abc import Iterator

import pytest
from base_images import PYTHON
from buildah import Buildah, Image
from debian import interpreter
from image_building import build_image
from kept_folder import kept_folder
from short_demo import write_short_demo


@pytest.fixture(scope="session")
def image() -> Iterator[Image]:
    """The image that `docker build .` builds. `image.run(*command, mounts=[folder])` runs a command in it.

    The last build is kept in ~/.cache/deepfake-image-test, 4 GB.
    """
    missing = [program for program in ("buildah", "debootstrap", "go") if not shutil.which(program)]
    if missing:
        pytest.skip(f"{', '.join(missing)} missing; run scripts/install_engines.sh (it leaves go to you)")
    if os.geteuid() != 0:
        pytest.skip("debootstrap needs root")
    if interpreter(PYTHON) is None:
        pytest.skip(f"the base image needs a Python {PYTHON} that can be copied: pyenv's, not the system's")
    with kept_folder("deepfake-image-test") as folder:
        yield build_image(Buildah(folder))


@pytest.fixture(scope="session")
def local_data(tmp_path_factory) -> pathlib.Path:
    """Twelve videos in four groups."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    write_short_demo(folder, videos=12)
    return folder
