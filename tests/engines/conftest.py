"""The project's container image, built from its Dockerfile once a session."""

import os
import shutil
from collections.abc import Iterator

import pytest
from base_images import PYTHON
from buildah import Buildah, Image
from debian import interpreter
from image_building import build_image
from kept_folder import kept_folder


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
