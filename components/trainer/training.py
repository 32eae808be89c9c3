"""Fits the model on train, stops on eval, keeps the curves."""

import os

import keras
import tensorflow as tf

from components.features import PROBABILITY_FAKE
from components.trainer.settings import TrainerSettings

CURVES_FILE = "curves.csv"
_MONITOR = "val_loss"


def fit(
    model: keras.Model,
    train: tf.data.Dataset,
    evaluation: tf.data.Dataset,
    settings: TrainerSettings,
    log_folder: str,
) -> keras.callbacks.History:
    """Trains until `settings.patience` epochs bring no better loss on eval, then restores the best weights.

    Leaves `curves.csv` (one row an epoch) and TensorBoard's event files in `log_folder`.
    """
    tf.io.gfile.makedirs(log_folder)
    stopping = keras.callbacks.EarlyStopping(
        _MONITOR, mode="min", patience=settings.patience, restore_best_weights=True
    )
    history = model.fit(
        train,
        validation_data=evaluation,
        epochs=settings.epochs,
        callbacks=[stopping, keras.callbacks.TensorBoard(log_folder)],
        verbose=0,
    )
    _write_curves(history, os.path.join(log_folder, CURVES_FILE))
    return history


def best_epoch(history: keras.callbacks.History) -> int:
    """The epoch, counted from 1, whose weights were kept."""
    losses = history.history[_MONITOR]
    return losses.index(min(losses)) + 1


def _write_curves(history: keras.callbacks.History, path: str) -> None:
    names = sorted(history.history)
    lines = [",".join(["epoch", *(name.replace(f"{PROBABILITY_FAKE}_", "") for name in names)])]
    for index, epoch in enumerate(history.epoch):
        lines.append(",".join([str(epoch + 1), *(f"{history.history[name][index]:.6g}" for name in names)]))
    # Not Keras' CSVLogger: it writes to local files only.
    with tf.io.gfile.GFile(path, "w") as file:
        file.write("\n".join(lines) + "\n")
