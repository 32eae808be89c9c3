"""Calls a SavedModel in a process that has only TensorFlow.

Run as a script: `python -I serve.py CALLS ANSWERS REPORT MODEL`. CALLS is an .npz with keys
`number|signature|input`; ANSWERS is written as an .npz with keys `loader|number|output`, and REPORT as a JSON file with
`tensorflow` (its version), `errors` by loader or `loader|number`, `latency_ms` by number and `peak_memory_mb`.
"""

import collections
import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

TENSORFLOW_2 = "TensorFlow 2"
TENSORFLOW_1 = "the loader of TensorFlow 1"
_REPEATS = 3
_LATENCY_BUDGET_S = 1.0

Arrays = dict[str, np.ndarray]
Calls = Mapping[tuple[str, str], Arrays]
Serve = Callable[[str, Arrays], Mapping[str, np.ndarray]]


def _read_calls(path: str) -> Calls:
    calls: dict[tuple[str, str], Arrays] = collections.defaultdict(dict)
    arrays = np.load(path, allow_pickle=True)
    for key in arrays.files:
        number, signature, name = key.split("|")
        calls[number, signature][name] = arrays[key]
    return calls


def _serve_all(loader: str, calls: Calls, call: Serve, answers: Arrays, report: dict[str, Any]) -> None:
    """Runs each call; a failing call is recorded as an error of its own, for the caller to judge."""
    for (number, signature), inputs in calls.items():
        try:
            served = call(signature, inputs)
        except Exception as error:
            report["errors"][f"{loader}|{number}"] = f"{type(error).__name__}: {error}"
            continue
        # Text outputs, such as video ids, are not compared.
        numbers = {name: value for name, value in served.items() if value.dtype != object}
        answers.update({f"{loader}|{number}|{name}": value for name, value in numbers.items()})
        if loader == TENSORFLOW_2:
            report["latency_ms"][number] = _latency_ms(call, signature, inputs)


def _latency_ms(call: Serve, signature: str, inputs: Arrays) -> float:
    times: list[float] = []
    while len(times) < _REPEATS and sum(times) < _LATENCY_BUDGET_S:
        started = time.perf_counter()
        call(signature, inputs)
        times.append(time.perf_counter() - started)
    return 1000 * statistics.median(times)


def _peak_memory_mb() -> float:
    # On Linux, getrusage's peak includes the process's memory from before exec.
    with open("/proc/self/status") as file:
        (kibibytes,) = (line.split()[1] for line in file if line.startswith("VmHWM:"))
    return int(kibibytes) / 1024


def _serve_tensorflow_2(path: str, calls: Calls, answers: Arrays, report: dict[str, Any]) -> None:
    signatures = tf.saved_model.load(path).signatures

    def call(signature: str, inputs: Arrays) -> Arrays:
        served = signatures[signature](**{name: tf.constant(values) for name, values in inputs.items()})
        return {name: value.numpy() for name, value in served.items()}

    _serve_all(TENSORFLOW_2, calls, call, answers, report)


def _serve_tensorflow_1(path: str, calls: Calls, answers: Arrays, report: dict[str, Any]) -> None:
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        signatures = tf.compat.v1.saved_model.load(session, ["serve"], path).signature_def

        def call(signature: str, inputs: Arrays) -> Arrays:
            known = signatures[signature]
            fetches = {name: tensor.name for name, tensor in known.outputs.items()}
            return session.run(fetches, {known.inputs[name].name: values for name, values in inputs.items()})

        _serve_all(TENSORFLOW_1, calls, call, answers, report)


def main(calls_path: str, answers_path: str, report_path: str, model_path: str) -> None:
    """Calls every signature through both loaders, and writes the answers and the report."""
    # TF32 on a GPU would be less precise than a CPU.
    tf.config.experimental.enable_tensor_float_32_execution(False)
    calls = _read_calls(calls_path)
    answers: dict[str, Any] = {}
    report: dict[str, Any] = {"tensorflow": tf.__version__, "errors": {}, "latency_ms": {}}
    for loader, serve in ((TENSORFLOW_2, _serve_tensorflow_2), (TENSORFLOW_1, _serve_tensorflow_1)):
        try:
            serve(model_path, calls, answers, report)
        except Exception as error:
            report["errors"][loader] = f"{type(error).__name__}: {error}"
        # Set once, after serving with TensorFlow 2, which comes first.
        report.setdefault("peak_memory_mb", _peak_memory_mb())
    np.savez(answers_path, **answers)
    with open(report_path, "w") as file:
        json.dump(report, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
