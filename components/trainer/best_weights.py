"""Which epoch's weights are kept, and when a training stops."""

from typing import Final

import keras
import numpy as np

from components.trainer.settings import TrainerSettings

History = dict[str, list[float]]

MONITOR: Final = "val_loss"
"""The metric that decides, of `History`."""


def best_epoch(history: History) -> int:
    """The epoch, counted from 1, whose weights were kept."""
    return int(np.nanargmin(history[MONITOR])) + 1


class BestWeights(keras.callbacks.Callback):
    """Keeps the weights with the lowest eval loss, and stops when `settings.patience` epochs brought no better one.

    With `settings.weight_averaging` eval is measured with the averaged weights, and these are kept. Keras' own
    SwapEMAWeights would change the weights that are trained: it swaps by addition, which loses the digits of the
    smaller one. Its `fit` leaves the averages of the last epoch, or of an earlier one, in the model, so that the kept
    weights must be set after it.

    Attributes:
        history: by metric, one value per finished epoch.
        weights: of the model, as `get_weights` returns them; empty if every eval loss was NaN.
    """

    def __init__(self, settings: TrainerSettings) -> None:
        """Starts before the first epoch."""
        super().__init__()
        self.history: History = {}
        self.weights: list[np.ndarray] = []
        self._settings = settings
        self._measured: list[np.ndarray] = []
        self._trained: list[np.ndarray] = []

    @property
    def finished(self) -> int:
        """The number of finished epochs."""
        return len(self.history.get(MONITOR, ()))

    @property
    def exhausted(self) -> bool:
        """Whether no further epoch is to be trained."""
        if not self.weights:
            return self.finished >= self._settings.epochs
        waited = self.finished - best_epoch(self.history)
        return waited >= self._settings.patience or self.finished >= self._settings.epochs

    def on_test_begin(self, logs: dict[str, float] | None = None) -> None:
        """Puts the averages in the place of the trained weights."""
        if self._settings.weight_averaging:
            variables = self.model.trainable_variables
            self._trained = [np.array(variable) for variable in variables]
            self.model.optimizer.finalize_variable_values(variables)

    def on_test_end(self, logs: dict[str, float] | None = None) -> None:
        """Puts the trained weights back."""
        self._measured = self.model.get_weights()
        if self._settings.weight_averaging:
            for variable, value in zip(self.model.trainable_variables, self._trained, strict=True):
                variable.assign(value)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Keeps the measured weights if they are the best, and stops the training if it is exhausted."""
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        if not np.isnan(self.history[MONITOR][-1]) and best_epoch(self.history) == self.finished:
            self.weights = self._measured
        self.model.stop_training = self.exhausted
