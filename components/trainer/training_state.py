"""The state of a training after an epoch, from which a killed training resumes.

Keras' BackupAndRestore saves neither the best weights nor the loss history, which early stopping needs, and overwrites
the only copy of the weights: a kill at that moment would lose them.
"""

import contextlib
import dataclasses
import hashlib
import io
import json
import os
import shutil
from typing import Any, Final

import keras
import numpy as np
import pydantic

from components import storage
from components.errors import UserError
from components.file_faults import reason
from components.notices import notify
from components.regular_files import read_regular_file
from components.uris import is_remote
from components.whole_files import write_whole

_FILE: Final = "state.npz"
_ASIDE_SUFFIX: Final = ".unreadable"
_HISTORY: Final = pydantic.TypeAdapter(dict[str, list[float]])


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
    """Assigns the values that `capture_variables` returned.

    Raises:
        ValueError: if they are of another model, which leaves this one as it is.
    """
    variables = _variables(model)
    if [tuple(variable.shape) for variable in variables] != [value.shape for value in values]:
        raise ValueError("the variables are of another model")
    for variable, value in zip(variables, values, strict=True):
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

    def of_member(self, number: int) -> "StateFile":
        """Returns the state of one member of the training, counted from 0; `remove` deletes it with this one."""
        return StateFile(self._folder, f"member_{number + 1}") if number else self

    def read(self) -> TrainingState | None:
        """Returns the state, or None if no epoch was finished; one that cannot be read is put aside."""
        if not storage.exists(self._path):
            return None
        try:
            return _parse(_read(self._path))
        except OSError as error:
            # It may be whole.
            notify(f"{self._path}: {reason(error)}; the training starts anew", once=self._path)
        except ValueError as error:
            self.put_aside(error)
        return None

    def put_aside(self, error: Exception) -> None:
        """Tells that the state cannot be used, and moves it out of the way if that is possible."""
        with contextlib.suppress(OSError):
            put_aside(self._path, error)

    def write(self, state: TrainingState) -> None:
        """Replaces the state atomically: it is never a mix of two epochs.

        A training does not end because its state cannot be kept.
        """
        arrays: dict[str, Any] = {f"variable_{index}": value for index, value in enumerate(state.variables)}
        arrays |= {f"best_{index}": value for index, value in enumerate(state.best_weights)}
        buffer = io.BytesIO()
        np.savez(buffer, history=np.asarray(json.dumps(state.history)), **arrays)
        try:
            write_whole(self._path, buffer.getvalue())
        except (OSError, UserError) as error:
            # The second is that of S3.
            words = reason(error) if isinstance(error, OSError) else error.message
            notify(f"{self._path}: {words}; a training that is stopped will start anew", once=self._path)

    def remove(self) -> None:
        """Deletes the state and what was put aside, for use once the model has been written."""
        if storage.exists(self._folder):
            storage.remove_folder(self._folder)


def put_aside(path: str, error: Exception) -> None:
    """Tells that a file or folder cannot be read, and moves it to `<path>.unreadable`; in a bucket, removes it."""
    words = " ".join(str(error).split()) or type(error).__name__
    if is_remote(path):
        notify(f"{path}: cannot be read ({words}); it is removed, and what was begun starts anew")
        (storage.remove_folder if storage.isdir(path) else storage.remove)(path)
        return
    aside = f"{path}{_ASIDE_SUFFIX}"
    notify(f"{path}: cannot be read ({words}); it is put aside as {aside}, and what was begun starts anew")
    # A folder takes no file's place, nor a file a folder's.
    if os.path.isdir(aside) and not os.path.islink(aside):
        shutil.rmtree(aside)
    elif os.path.lexists(aside):
        os.remove(aside)
    os.rename(path, aside)


def _read(path: str) -> bytes:
    return storage.read_bytes(path) if is_remote(path) else read_regular_file(path)


def _parse(content: bytes) -> TrainingState:
    """Raises ValueError if a state is not whole."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return TrainingState(
                variables=[arrays[f"variable_{index}"] for index in range(_count(arrays, "variable"))],
                best_weights=[arrays[f"best_{index}"] for index in range(_count(arrays, "best"))],
                history=_HISTORY.validate_json(str(arrays["history"])),
            )
    except Exception as error:
        # NumPy and zipfile raise whatever comes first of any bytes: EOFError, KeyError, BadZipFile ...
        raise ValueError(str(error).split("\n")[0] or type(error).__name__) from error


def _count(arrays: Any, kind: str) -> int:
    return sum(name.startswith(f"{kind}_") for name in arrays)
