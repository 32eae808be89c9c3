"""The project's libraries, and the few differences between the two stacks that it runs on.

TFX 1.16 (TensorFlow 2.16, Python 3.10) runs on any current Linux; TFX 1.21 (TensorFlow 2.21, Python 3.11 to 3.13)
requires glibc 2.39. pyproject.toml selects one by the Python version.
"""

import functools
import importlib.metadata
from typing import Final

LIBRARIES: Final = (
    "tfx",
    "tensorflow",
    "tensorflow-transform",
    "keras",
    "apache-beam",
    "numpy",
    "scikit-learn",
    "opencv-python-headless",
    "av",
)
"""The libraries whose release, besides our code, may change what a node produces."""


@functools.cache
def stack_versions() -> dict[str, str]:
    """Returns the installed version of each of `LIBRARIES`."""
    return {library: importlib.metadata.version(library) for library in LIBRARIES}
