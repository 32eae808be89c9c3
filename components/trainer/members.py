"""Trains the members of a model one after the other."""

import dataclasses
import math
import os
from collections.abc import Mapping
from typing import Any

import keras
import tensorflow as tf

from components.features import FRAME_FEATURES_XF
from components.trainer.batches import read_batches
from components.trainer.best_weights import History, best_epoch
from components.trainer.class_weights import Weights
from components.trainer.curves import write_curves
from components.trainer.ensemble import member_seeds
from components.trainer.fitting import fit
from components.trainer.local_records import LocalRecords
from components.trainer.mixed_precision import has_gpu, mixed_precision
from components.trainer.model import build_model, compile_training
from components.trainer.settings import TrainerSettings
from components.trainer.training_state import StateFile
from components.trainer.warm_start import read_weights


@dataclasses.dataclass(frozen=True)
class TrainingData:
    """The splits train and eval, on the local disk.

    Attributes:
        train: what is learnt from.
        evaluation: for early stopping and the choice of the best weights.
        specification: feature spec of the transformed examples.
        class_weights: of REAL and of FAKE.
    """

    train: LocalRecords
    evaluation: LocalRecords
    specification: Mapping[str, Any]
    class_weights: Weights

    @property
    def shape(self) -> dict[str, Any]:
        """The number of frames T and of features D of a video, as `build_model` takes them."""
        frames, feature_size = self.specification[FRAME_FEATURES_XF].shape
        return {"frames": frames, "feature_size": feature_size}

    def eval_batches(self, batch_size: int) -> tf.data.Dataset:
        """The batches of the eval split, see `read_batches`."""
        return read_batches(self.evaluation, self.specification, batch_size, class_weights=self.class_weights)


@dataclasses.dataclass(frozen=True)
class Member:
    """A trained member: its model in float32, the seed of its training, and what the epochs brought."""

    model: keras.Model
    seed: int
    history: History

    @property
    def report(self) -> dict[str, int]:
        """Its entry in `model.json`."""
        return {"seed": self.seed, "epochs": len(self.history["loss"]), "best_epoch": best_epoch(self.history)}


def train_members(
    settings: TrainerSettings, data: TrainingData, *, seed: int, log_folder: str, state_file: StateFile
) -> list[Member]:
    """Trains `settings.members` models; each is the only member of a training with its seed.

    Writes `curves.csv`, and TensorBoard's event files, those of several members to a folder each.

    Args:
        settings: of the training.
        data: the same for all members.
        seed: of the first member; those of the others count up from it.
        log_folder: a local folder.
        state_file: of the whole training; members that were finished before an interruption are not trained again.

    Raises:
        UserError: if a training diverges, or the model to start from is damaged.
    """
    members = [
        _train(settings, data, number, own, log_folder, state_file.of_member(number))
        for number, own in enumerate(member_seeds(seed, settings.members))
    ]
    write_curves(log_folder, [member.history for member in members])
    return members


def _train(
    settings: TrainerSettings,
    data: TrainingData,
    number: int,
    seed: int,
    log_folder: str,
    state_file: StateFile,
) -> Member:
    several = settings.members > 1
    # Before any dataset is built, since shuffling also uses TensorFlow's global seed.
    keras.utils.set_random_seed(seed)
    epoch = tf.Variable(0, dtype=tf.int64, trainable=False)
    train = read_batches(
        data.train,
        data.specification,
        settings.batch_size,
        class_weights=data.class_weights,
        shuffle_seed=seed,
        epoch=epoch,
    )
    with mixed_precision(has_gpu()):
        built = build_model(settings, **data.shape)
        if settings.warm_start:
            read_weights(built, settings.warm_start, number)
        steps = settings.epochs * math.ceil(data.train.count / settings.batch_size)
        trained = compile_training(built, settings, steps=steps)
    history = fit(
        trained,
        train,
        data.eval_batches(settings.batch_size),
        settings,
        os.path.join(log_folder, f"member_{number + 1}") if several else log_folder,
        epoch=epoch,
        state_file=state_file,
        told_as=f"member {number + 1} of {settings.members}, " if several else "",
    )
    # Evaluated and served in float32, even if trained in mixed precision.
    model = build_model(settings, **data.shape, name=f"{settings.model}_{number + 1}" if number else None)
    model.set_weights(trained.get_weights())
    return Member(model, seed, history)
