"""Training with early stopping on eval, and resumption after an interruption."""

import keras
import numpy as np
import tensorflow as tf

from components.errors import UserError
from components.node_progress import report_progress
from components.trainer.best_weights import MONITOR, BestWeights, History, best_epoch
from components.trainer.settings import TrainerSettings
from components.trainer.training_state import StateFile, TrainingState, capture_variables, restore_variables


def fit(
    model: keras.Model,
    train: tf.data.Dataset,
    evaluation: tf.data.Dataset,
    settings: TrainerSettings,
    log_folder: str,
    *,
    epoch: tf.Variable,
    state_file: StateFile,
    told_as: str = "",
) -> History:
    """Trains until the eval loss has not improved for `settings.patience` epochs, then restores the best weights.

    Writes TensorBoard's event files to `log_folder`.

    Args:
        model: compiled, see `compile_training`.
        train: batches; their order may depend on `epoch`.
        evaluation: batches for early stopping and the choice of the best weights.
        settings: of the training.
        log_folder: a local folder for the event files.
        epoch: int64; set to the number of each epoch, from 0, before it starts.
        state_file: written after each epoch; if it holds a state, training resumes from it.
        told_as: what the lines on its progress begin with.

    Returns:
        By metric, one value per epoch, including those before an interruption.

    Raises:
        UserError: if the eval loss is NaN in every epoch.
    """
    epochs = _Epochs(settings, epoch, state_file, told_as)
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
    if not epochs.weights:
        raise UserError(
            f"trainer.learning_rate={settings.learning_rate}: the eval loss is not a number; set a smaller one"
        )
    model.set_weights(epochs.weights)
    return epochs.history


class _Epochs(BestWeights):
    # Between epochs also saves the state to resume from, and reports progress.

    def __init__(self, settings: TrainerSettings, epoch: tf.Variable, state_file: StateFile, told_as: str) -> None:
        super().__init__(settings)
        self._epoch = epoch
        self._state_file = state_file
        self._told_as = told_as

    def resume(self, model: keras.Model, state: TrainingState) -> None:
        if state.best_weights and _shapes(state.best_weights) != _shapes(model.get_weights()):
            raise ValueError("the best weights are of another model")
        if bool(state.best_weights) == bool(np.isnan(state.history.get(MONITOR, [])).all()):
            raise ValueError("the best weights are of no epoch")
        restore_variables(model, state.variables)
        self.history, self.weights = state.history, state.best_weights
        report_progress(f"{self._told_as}resumed after epoch {self.finished} of {self._settings.epochs}")

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._epoch.assign(epoch)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        super().on_epoch_end(epoch, logs)
        self._state_file.write(TrainingState(capture_variables(self.model), self.weights, self.history))
        report_progress(self._line())

    def _line(self) -> str:
        losses = f"loss {self.history['loss'][-1]:.3f}, eval loss {self.history[MONITOR][-1]:.3f}"
        best = f", best in epoch {best_epoch(self.history)}" if self.weights else ""
        return f"{self._told_as}epoch {self.finished} of {self._settings.epochs}: {losses}{best}"


def _shapes(weights: list[np.ndarray]) -> list[tuple[int, ...]]:
    return [array.shape for array in weights]
