"""Runs `serve.py`, and tells faults of the machine from those of the model."""

import json
import logging
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from components.passing_trouble import MachineError, was_killed
from components.printable import printable
from components.serving_validator.calls import Call

_SCRIPT: Final = pathlib.Path(__file__).with_name("serve.py")
_TIMEOUT_S: Final = 1800
_DETAIL_CHARACTERS: Final = 300
# How Python and TensorFlow report that memory is short.
_LACKS_MEMORY: Final = ("MemoryError", "ResourceExhaustedError")


def serve_model(model_path: str, calls: Sequence[Call]) -> tuple[Mapping[str, np.ndarray], dict[str, Any], str]:
    """Calls a model in a fresh process, and in a second one if that ends early, since the machine may be to blame.

    Args:
        model_path: of the SavedModel.
        calls: of its signatures.

    Returns:
        The answers by `loader|number|output`, the report of `serve.py`, and how the process ended, by which the model
        is refused; empty if it served to the end.

    Raises:
        MachineError: if the process was killed, was not done in time or lacked memory, twice.
    """
    try:
        answers, report, ended = _serve_once(model_path, calls)
    except MachineError as error:
        logging.warning("The serving process %s; it is started again", printable(str(error)))
    else:
        if not ended:
            return answers, report, ended
        logging.warning("The serving process %s; it is started again", printable(ended))
    try:
        return _serve_once(model_path, calls)
    except MachineError as error:
        raise MachineError(f"the serving process {error}, twice; see to the machine, then resume") from error


def _serve_once(model_path: str, calls: Sequence[Call]) -> tuple[Mapping[str, np.ndarray], dict[str, Any], str]:
    nothing: dict[str, Any] = {"errors": {}, "latency_ms": {}, "peak_memory_mb": None, "tensorflow": None}
    with tempfile.TemporaryDirectory(prefix="deepfake-serving-") as folder:
        files = [os.path.join(folder, name) for name in ("calls.npz", "answers.npz", "report.json")]
        inputs: dict[str, Any] = {
            f"{number}|{call.signature}|{name}": values
            for number, call in enumerate(calls)
            for name, values in call.inputs.items()
        }
        np.savez(files[0], **inputs)
        # Isolated mode: neither this project's folder nor user site-packages are on its path.
        command = [sys.executable, "-I", str(_SCRIPT), *files, model_path]
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired as error:
            raise MachineError(f"did not end within {_TIMEOUT_S} s") from error
        if was_killed(ended.returncode):
            raise MachineError(f"was ended by signal {-ended.returncode}")
        if ended.returncode:
            last = ended.stderr.strip().split("\n")[-1][:_DETAIL_CHARACTERS]
            # The script keeps the model's own errors, and ends early by none of them. C++ aborts if memory is short.
            if ended.returncode > 0 or "bad_alloc" in ended.stderr:
                raise MachineError(f"ended with code {ended.returncode}: {last}")
            return {}, nothing, f"ended with code {ended.returncode}: {last}"
        with open(files[2]) as file:
            report = json.load(file)
        if short := next((text for text in report["errors"].values() if text.startswith(_LACKS_MEMORY)), ""):
            raise MachineError(f"lacked memory: {one_line(short)}")
        return dict(np.load(files[1])), report, ""


def one_line(text: str) -> str:
    """Returns the beginning of a text without line ends."""
    return " ".join(text.split())[:_DETAIL_CHARACTERS]
