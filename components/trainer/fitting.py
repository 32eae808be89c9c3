"""Fits the model on train, stops on eval, keeps the curves, and goes on where it was killed."""

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
    """Trains until `settings.patience` epochs bring no better loss on eval, then restores the best weights.

    Leaves `curves.csv` (one row an epoch) and TensorBoard's event files in `log_folder`.

    Args:
        model: compiled, see `compile_training`.
        train: batches; their order may depend on `epoch`.
        evaluation: batches that decide when to stop and which weights are the best.
        settings: of the training.
        log_folder: for the curves.
        epoch: int64; is set to the number of each epoch, from 0, before it starts.
        state_file: written after each epoch; where it holds a state, training goes on from it.

    Returns:
        By metric, one value for each epoch, those before an interruption among them.

    Raises:
        UserError: if the eval loss was never a number.
    """
    tf.io.gfile.makedirs(log_folder)
    epochs = _Epochs(settings, epoch, state_file)
    if (state := state_file.read()) is not None:
        epochs.resume(model, state)
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
    # What happens between epochs: the best weights, the state to resume from, the line of progress, the end.

    def __init__(self, settings: TrainerSettings, epoch: tf.Variable, state_file: StateFile) -> None:
        super().__init__()
        self.history: History = {}
        self.best_weights: list[np.ndarray] = []
        self._settings = settings
        self._epoch = epoch
        self._state_file = state_file

    def resume(self, model: keras.Model, state: TrainingState) -> None:
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
