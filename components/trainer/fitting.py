"""Training with early stopping on eval, curves, and resumption after an interruption."""

import os

import keras
import numpy as np
import tensorflow as tf

from components.errors import UserError
from components.node_progress import report_progress
from components.trainer.curves import write_curves
from components.trainer.settings import TrainerSettings
from components.trainer.training_state import StateFile, TrainingState, capture_variables, restore_variables

_MONITOR = "val_loss"

History = dict[str, list[float]]


def fit(
    model: keras.Model,
    train: tf.data.Dataset,
    evaluation: tf.data.Dataset,
    settings: TrainerSettings,
    log_folder: str,
    *,
    epoch: tf.Variable,
    state_file: StateFile,
) -> History:
    """Trains until the eval loss has not improved for `settings.patience` epochs, then restores the best weights.

    Writes `curves.csv` (one row per epoch) and TensorBoard's event files to `log_folder`.

    Args:
        model: compiled, see `compile_training`.
        train: batches; their order may depend on `epoch`.
        evaluation: batches for early stopping and the choice of the best weights.
        settings: of the training.
        log_folder: a local folder for the curves.
        epoch: int64; set to the number of each epoch, from 0, before it starts.
        state_file: written after each epoch; if it holds a state, training resumes from it.

    Returns:
        By metric, one value per epoch, including those before an interruption.

    Raises:
        UserError: if the eval loss is NaN in every epoch.
    """
    os.makedirs(log_folder, exist_ok=True)
    epochs = _Epochs(settings, epoch, state_file)
    if (state := state_file.read()) is not None:
        try:
            epochs.resume(model, state)
        except ValueError as error:
            state_file.put_aside(error)
    if not epochs.exhausted:
        model.fit(
            train,
            validation_data=evaluation,
            initial_epoch=epochs.finished,
            epochs=settings.epochs,
            callbacks=[epochs, keras.callbacks.TensorBoard(log_folder)],
            verbose=0,
        )
    if not epochs.best_weights:
        raise UserError(
            f"trainer.learning_rate={settings.learning_rate}: the eval loss is not a number; set a smaller one"
        )
    model.set_weights(epochs.best_weights)
    write_curves(log_folder, epochs.history)
    return epochs.history


def best_epoch(history: History) -> int:
    """The epoch, counted from 1, whose weights were kept."""
    return int(np.nanargmin(history[_MONITOR])) + 1


class _Epochs(keras.callbacks.Callback):
    # Between epochs: keeps the best weights, saves the state to resume from, reports progress, stops early.

    def __init__(self, settings: TrainerSettings, epoch: tf.Variable, state_file: StateFile) -> None:
        super().__init__()
        self.history: History = {}
        self.best_weights: list[np.ndarray] = []
        self._settings = settings
        self._epoch = epoch
        self._state_file = state_file

    def resume(self, model: keras.Model, state: TrainingState) -> None:
        if state.best_weights and _shapes(state.best_weights) != _shapes(model.get_weights()):
            raise ValueError("the best weights are of another model")
        if bool(state.best_weights) == bool(np.isnan(state.history.get(_MONITOR, [])).all()):
            raise ValueError("the best weights are of no epoch")
        restore_variables(model, state.variables)
        self.history, self.best_weights = state.history, state.best_weights
        report_progress(f"resumed after epoch {self.finished} of {self._settings.epochs}")

    @property
    def finished(self) -> int:
        return len(self.history.get(_MONITOR, ()))

    @property
    def exhausted(self) -> bool:
        if not self.best_weights:
            return self.finished >= self._settings.epochs
        waited = self.finished - best_epoch(self.history)
        return waited >= self._settings.patience or self.finished >= self._settings.epochs

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._epoch.assign(epoch)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        if not np.isnan(self.history[_MONITOR][-1]) and best_epoch(self.history) == self.finished:
            self.best_weights = self.model.get_weights()
        self._state_file.write(TrainingState(capture_variables(self.model), self.best_weights, self.history))
        self.model.stop_training = self.exhausted
        report_progress(self._line())

    def _line(self) -> str:
        losses = f"loss {self.history['loss'][-1]:.3f}, eval loss {self.history[_MONITOR][-1]:.3f}"
        best = f", best in epoch {best_epoch(self.history)}" if self.best_weights else ""
        return f"epoch {self.finished} of {self._settings.epochs}: {losses}{best}"


def _shapes(weights: list[np.ndarray]) -> list[tuple[int, ...]]:
    return [array.shape for array in weights]
