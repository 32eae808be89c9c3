"""The state of a training after an epoch, from which a killed training resumes.

Keras' BackupAndRestore saves neither the best weights nor the loss history, which early stopping needs, and overwrites
the only copy of the weights: a kill at that moment would lose them.
"""

import dataclasses
import hashlib
import io
import json
import os
from typing import Any

import keras
import numpy as np

from components import storage
from components.whole_files import write_whole

_FILE = "state.npz"


@dataclasses.dataclass(frozen=True)
class TrainingState:
    """The state at the end of an epoch.

    Attributes:
        variables: of model and optimizer, including the states of the random generators.
        best_weights: the model's, from the epoch with the lowest eval loss; empty if every loss was NaN.
        history: by metric, one value per finished epoch.
    """

    variables: list[np.ndarray]
    best_weights: list[np.ndarray]
    history: dict[str, list[float]]


def capture_variables(model: keras.Model) -> list[np.ndarray]:
    """Returns the values of all variables that a training step changes."""
    return [np.asarray(variable.value) for variable in _variables(model)]


def restore_variables(model: keras.Model, values: list[np.ndarray]) -> None:
    """Assigns the values that `capture_variables` returned."""
    for variable, value in zip(_variables(model), values, strict=True):
        variable.assign(value)


def _variables(model: keras.Model) -> list[keras.Variable]:
    model.optimizer.build(model.trainable_variables)
    return [*model.variables, *model.optimizer.variables]


def training_key(**decisive: Any) -> str:
    """Returns a key that is the same for all trainings that would produce the same model."""
    return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()[:32]


class StateFile:
    """The saved state of one training, on a local path or in a bucket."""

    def __init__(self, folder: str, key: str) -> None:
        """Sets the path; nothing is written yet.

        Args:
            folder: for the states of all trainings.
            key: of this training, see `training_key`.
        """
        self._folder = os.path.join(folder, key)
        self._path = os.path.join(self._folder, _FILE)

    def read(self) -> TrainingState | None:
        """Returns the state, or None if no epoch was finished."""
        if not storage.exists(self._path):
            return None
        with np.load(io.BytesIO(storage.read_bytes(self._path))) as arrays:
            return TrainingState(
                variables=[arrays[f"variable_{index}"] for index in range(_count(arrays, "variable"))],
                best_weights=[arrays[f"best_{index}"] for index in range(_count(arrays, "best"))],
                history=json.loads(str(arrays["history"])),
            )

    def write(self, state: TrainingState) -> None:
        """Replaces the state atomically: it is never a mix of two epochs."""
        arrays: dict[str, Any] = {f"variable_{index}": value for index, value in enumerate(state.variables)}
        arrays |= {f"best_{index}": value for index, value in enumerate(state.best_weights)}
        buffer = io.BytesIO()
        np.savez(buffer, history=np.asarray(json.dumps(state.history)), **arrays)
        write_whole(self._path, buffer.getvalue())

    def remove(self) -> None:
        """Deletes the state, for use once the model has been written."""
        if storage.exists(self._folder):
            storage.remove_folder(self._folder)


def _count(arrays: Any, kind: str) -> int:
    return sum(name.startswith(f"{kind}_") for name in arrays)
