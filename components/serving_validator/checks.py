"""Checks that an exported model can be served and answers like the trained one."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from components.features import LOG_ODDS_FAKE
from components.served_model.description import Description, read_model_description
from components.served_model.expected_outputs import ExpectedOutputs
from components.serving_validator.calls import Call, make_calls
from components.serving_validator.serving_process import one_line, serve_model

LOADERS: Final = ("TensorFlow 2", "the loader of TensorFlow 1")


@dataclasses.dataclass(frozen=True)
class Check:
    """One check and its result."""

    name: str
    passed: bool
    detail: str


def check_serving(model_path: str, expected: ExpectedOutputs, examples: Mapping[str, bytes]) -> dict[str, Any]:
    """Loads the model in a fresh process that has only TensorFlow, and compares all its answers.

    Args:
        model_path: of the SavedModel.
        expected: the answers of the Trainer's own model.
        examples: serialized frame-feature examples of its videos, by id.

    Returns:
        `passed`, `checks` (the fields of each `Check`), `latency_ms` by signature and batch size, `peak_memory_mb` of
        the process, and `tensorflow`, its version; the last three are null or empty if the process ended early.

    Raises:
        MachineError: if the process was killed, was not done in time or lacked memory, twice.
    """
    description = read_model_description(model_path)
    calls = make_calls(expected, examples, description.encoder)
    checks = [_same_description(description, expected)]
    answers, report, ended = serve_model(model_path, calls)
    if ended:
        checks.append(Check("a process with nothing but TensorFlow", False, ended))
    else:
        checks += [check for loader in LOADERS for check in _checks(loader, calls, answers, report["errors"])]
    latency: dict[str, dict[str, float]] = {}
    for number, call in enumerate(calls):
        if str(number) in report["latency_ms"]:
            # Of several calls with one batch size, keeps the first, which has the unmodified videos.
            latency.setdefault(call.signature, {}).setdefault(str(call.batch), report["latency_ms"][str(number)])
    return {
        "passed": all(check.passed for check in checks),
        "checks": [dataclasses.asdict(check) for check in checks],
        "latency_ms": latency,
        "peak_memory_mb": report["peak_memory_mb"],
        "tensorflow": report["tensorflow"],
    }


def _same_description(description: Description, expected: ExpectedOutputs) -> Check:
    there = (description.threshold, description.model_digest)
    wanted = (expected.threshold, expected.model_digest)
    for name, found, trained in zip(("threshold", "model_digest"), there, wanted, strict=True):
        if found != trained:
            return Check("model.json", False, f"{name} is {found}, but the Trainer's is {trained}")
    return Check("model.json", True, "threshold and digest are the Trainer's")


def _checks(
    loader: str, calls: Sequence[Call], answers: Mapping[str, np.ndarray], errors: Mapping[str, str]
) -> Iterator[Check]:
    if loader in errors:
        yield Check(f"loads in {loader}", False, one_line(errors[loader]))
        return
    yield Check(f"loads in {loader}", True, "")
    for number, call in enumerate(calls):
        name = f"{call.signature} in {loader}, batch of {call.batch}, {call.description}"
        key = f"{loader}|{number}"
        if key in errors:
            yield Check(name, False, one_line(errors[key]))
        else:
            yield _compared(name, call, {output: answers.get(f"{key}|{output}") for output in call.expected})


def _compared(name: str, call: Call, answered: Mapping[str, np.ndarray | None]) -> Check:
    largest = 0.0
    for output, expected in call.expected.items():
        found = answered[output]
        if found is None:
            return Check(name, False, f"there is no output {output}")
        if found.shape != expected.shape:
            return Check(name, False, f"{output} has the shape {found.shape}, not {expected.shape}")
        difference = float((np.abs(found.astype(np.float64) - expected) / _unit(output, expected)).max())
        # Also true for NaN.
        if not difference <= call.tolerance:
            return Check(
                name, False, f"{output} is {difference:.2g} off the Trainer's; at most {call.tolerance:g} is allowed"
            )
        largest = max(largest, difference)
    return Check(name, True, f"at most {largest:.1g} off the Trainer's")


def _unit(output: str, expected: np.ndarray) -> np.ndarray | float:
    """Returns what a difference is measured in."""
    # No probability moves by more than a quarter of what its log odds do, and those are rounded as they grow.
    return 4 * np.maximum(np.abs(expected), 1) if output == LOG_ODDS_FAKE else 1.0
