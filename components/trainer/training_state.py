"""What a training was at the end of an epoch, so that one that was killed goes on from there.

Keras' BackupAndRestore keeps neither the best weights nor the epochs' losses, on which early stopping depends, and
writes over the only copy of the weights: a kill at that moment would lose them.
"""

import dataclasses
import hashlib
import io
import json
import os
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from components.whole_files import write_whole

_FILE = "state.npz"


@dataclasses.dataclass(frozen=True)
class TrainingState:
    """The end of an epoch.

    Attributes:
        variables: of model and optimizer, the state of the random generators among them.
        best_weights: the model's, from the epoch with the lowest eval loss; empty if no loss was a number.
        history: by metric, one value for each finished epoch.
    """

    variables: list[np.ndarray]
    best_weights: list[np.ndarray]
    history: dict[str, list[float]]


def capture_variables(model: keras.Model) -> list[np.ndarray]:
    """The values of everything that a step of the training changes."""
    return [np.asarray(variable.value) for variable in _variables(model)]


def restore_variables(model: keras.Model, values: list[np.ndarray]) -> None:
    """Sets what `capture_variables` gave."""
    for variable, value in zip(_variables(model), values, strict=True):
        variable.assign(value)


def _variables(model: keras.Model) -> list[keras.Variable]:
    model.optimizer.build(model.trainable_variables)
    return [*model.variables, *model.optimizer.variables]


def training_key(**decisive: Any) -> str:
    """The name of a training: the same for all that would give the same model."""
    return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()[:32]


class StateFile:
    """Where the state of one training is kept, on a local path or in a bucket."""

    def __init__(self, folder: str, key: str) -> None:
        """Names the place; nothing is written yet.

        Args:
            folder: of all trainings.
            key: of this one, see `training_key`.
        """
        self._folder = os.path.join(folder, key)
        self._path = os.path.join(self._folder, _FILE)

    def read(self) -> TrainingState | None:
        """The state, or None if no epoch was finished."""
        if not tf.io.gfile.exists(self._path):
            return None
        with tf.io.gfile.GFile(self._path, "rb") as file, np.load(io.BytesIO(file.read())) as arrays:
            return TrainingState(
                variables=[arrays[f"variable_{index}"] for index in range(_count(arrays, "variable"))],
                best_weights=[arrays[f"best_{index}"] for index in range(_count(arrays, "best"))],
                history=json.loads(str(arrays["history"])),
            )

    def write(self, state: TrainingState) -> None:
        """Replaces the state as a whole: it is never half of one epoch and half of another."""
        arrays: dict[str, Any] = {f"variable_{index}": value for index, value in enumerate(state.variables)}
        arrays |= {f"best_{index}": value for index, value in enumerate(state.best_weights)}
        buffer = io.BytesIO()
        np.savez(buffer, history=np.asarray(json.dumps(state.history)), **arrays)
        write_whole(self._path, buffer.getvalue())

    def remove(self) -> None:
        """Forgets the training, whose model has been written."""
        if tf.io.gfile.exists(self._folder):
            tf.io.gfile.rmtree(self._folder)


def _count(arrays: Any, kind: str) -> int:
    return sum(name.startswith(f"{kind}_") for name in arrays)
