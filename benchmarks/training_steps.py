"""Steps per second of the notebook's model: the Trainer versus `model.fit` on arrays, as in the notebook.

Run it with `python -m benchmarks.training_steps STEPS ROUNDS`.
"""

import json
import pathlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from components.features import FRAME_FEATURES_XF, FRAME_MASK_XF, FRAMES, LABEL_XF, VIDEO_ID_XF
from components.trainer.batches import read_batches
from components.trainer.fitting import fit
from components.trainer.local_records import cache_records
from components.trainer.model import build_model, compile_training
from components.trainer.settings import TrainerSettings
from components.trainer.training_state import StateFile

BATCH = 16
FEATURE_SIZE = 2048
_SPECIFICATION = {
    FRAME_FEATURES_XF: tf.io.FixedLenFeature([FRAMES, FEATURE_SIZE], tf.float32),
    FRAME_MASK_XF: tf.io.FixedLenFeature([FRAMES], tf.int64),
    LABEL_XF: tf.io.FixedLenFeature([1], tf.int64),
}

Epoch = Callable[[], None]


def measure_training_steps(steps: int, rounds: int) -> dict[str, float]:
    """Trains on the same random videos in turns, and returns the median round of each variant.

    Args:
        steps: per epoch.
        rounds: number of measured epochs per variant, after a first one.

    Returns:
        `notebook`, `trainer` and `trainer_uncompiled`, which short trainings use, in steps per second (wall, without
        the first epoch, which traces and compiles); `training_steps`, the ratio `trainer` to `notebook`; the seconds of
        the first epochs as `..._first_epoch_s`.
    """
    generator = np.random.default_rng(0)
    count = BATCH * steps
    frame_features = generator.normal(size=(count, FRAMES, FEATURE_SIZE)).astype(np.float32)
    mask = np.arange(FRAMES) < generator.integers(1, FRAMES + 1, (count, 1))
    labels = generator.integers(0, 2, (count, 1))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        _write_records(folder / "train.gz", frame_features, mask, labels)
        ways = {
            "notebook": _notebook(frame_features, mask, labels),
            "trainer_uncompiled": _trainer(folder, "uncompiled", steps=0),
            "trainer": _trainer(folder, "compiled", steps=10**6),
        }
        first = {f"{way}_first_epoch_s": _seconds(epoch) for way, epoch in ways.items()}
        measured = [{way: steps / _seconds(epoch) for way, epoch in ways.items()} for _ in range(rounds)]
    speeds = {way: statistics.median(each[way] for each in measured) for way in ways}
    return {**speeds, "training_steps": speeds["trainer"] / speeds["notebook"], **first}


def _notebook(frame_features: np.ndarray, mask: np.ndarray, labels: np.ndarray) -> Epoch:
    features_input = keras.Input((FRAMES, FEATURE_SIZE))
    mask_input = keras.Input((FRAMES,), dtype="bool")
    x = layers.GRU(64, return_sequences=True)(features_input, mask=mask_input)
    x = layers.BatchNormalization()(x)
    x = layers.GRU(32, return_sequences=True)(x)
    x = layers.BatchNormalization()(x)
    x = layers.GRU(16)(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(32, activation="relu")(x)
    x = layers.Dropout(0.5)(x)
    model = keras.Model([features_input, mask_input], layers.Dense(1, activation="sigmoid")(x))
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4), loss="binary_crossentropy", metrics=["accuracy", keras.metrics.AUC()]
    )

    def epoch() -> None:
        model.fit([frame_features, mask], labels, batch_size=BATCH, epochs=1, verbose=0)

    return epoch


def _trainer(folder: pathlib.Path, name: str, *, steps: int) -> Epoch:
    """Everything the Trainer does in an epoch: reading from disk, saving its state, curves; but a tiny eval split."""
    settings = TrainerSettings(batch_size=BATCH)
    records = cache_records([str(folder / "train.gz")], str(folder / name))
    number = tf.Variable(0, dtype=tf.int64)
    train = read_batches(records, _SPECIFICATION, BATCH, shuffle_seed=0, epoch=number)
    evaluation = read_batches(records, _SPECIFICATION, BATCH).take(1)
    model = compile_training(build_model(settings, frames=FRAMES, feature_size=FEATURE_SIZE), settings, steps=steps)
    state_file = StateFile(str(folder / f"{name}_state"), "benchmark")
    epochs = 0

    def epoch() -> None:
        nonlocal epochs
        epochs += 1
        # Each epoch resumes from the state that the previous one saved.
        unending = settings.model_copy(update={"epochs": epochs, "patience": 10**6})
        fit(model, train, evaluation, unending, str(folder / f"{name}_logs"), epoch=number, state_file=state_file)

    return epoch


def _write_records(path: pathlib.Path, frame_features: np.ndarray, mask: np.ndarray, labels: np.ndarray) -> None:
    with tf.io.TFRecordWriter(str(path), tf.io.TFRecordOptions(compression_type="GZIP", compression_level=1)) as writer:
        for index, (frames, valid, label) in enumerate(zip(frame_features, mask, labels, strict=True)):
            example = tf.train.Example()
            feature = example.features.feature
            feature[VIDEO_ID_XF].bytes_list.value.append(f"{index}.mp4".encode())
            feature[LABEL_XF].int64_list.value.append(int(label[0]))
            feature[FRAME_FEATURES_XF].float_list.value.extend(frames.ravel())
            feature[FRAME_MASK_XF].int64_list.value.extend(valid.astype(np.int64))
            writer.write(example.SerializeToString())


def _seconds(epoch: Epoch) -> float:
    started = time.perf_counter()
    epoch()
    return time.perf_counter() - started


if __name__ == "__main__":
    print(json.dumps(measure_training_steps(*map(int, sys.argv[1:])), indent=2))
