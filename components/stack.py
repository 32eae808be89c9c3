"""The libraries beneath the project, and the few things in which the two stacks that it runs on differ.

TFX 1.16 (TensorFlow 2.16, Python 3.10) runs on any Linux of today; TFX 1.21 (TensorFlow 2.21, Python 3.11 to 3.13)
wants glibc 2.39. pyproject.toml takes one or the other by the version of Python.
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
"""What decides, beside our code, what a node makes; another release of one of them may make something else."""


@functools.cache
def stack_versions() -> dict[str, str]:
    """The installed version of each of `LIBRARIES`."""
    return {library: importlib.metadata.version(library) for library in LIBRARIES}
