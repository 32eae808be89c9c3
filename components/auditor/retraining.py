"""Retrains the run's model on other videos than the run did."""

import dataclasses
from collections.abc import Callable

import keras
import numpy as np

from components.auditor.training_set import TrainingVideos, inputs_of, training_set
from components.served_model.description import Description
from components.trainer.calibration_selection import choose_calibration
from components.trainer.class_weights import class_weights, prior_shift
from components.trainer.model import build_model, compile_training
from components.trainer.settings import TrainerSettings
from components.trainer.training_state import capture_variables, restore_variables


@dataclasses.dataclass(frozen=True)
class Recipe:
    """How the run trained: its settings, share of given fakes and seed, and the method and clip of its calibration."""

    settings: TrainerSettings
    given_fakes: float
    seed: int
    calibration: str
    clip: float


def recipe_of(description: Description) -> Recipe:
    """Returns how the run trained the model that `description` is of."""
    return Recipe(
        settings=TrainerSettings(**description.trainer),
        given_fakes=description.given_fakes,
        seed=description.seed,
        calibration=description.calibration.method,
        clip=description.calibration.clip,
    )


class Retraining:
    """The run's untrained model, from which each training starts; built once, as building takes seconds."""

    def __init__(self, recipe: Recipe, *, frames: int, feature_size: int) -> None:
        """Builds the model for videos of T frames with D features, with the initial weights for the recipe's seed."""
        self.recipe = recipe
        keras.utils.set_random_seed(recipe.seed)
        self._model = compile_training(
            build_model(recipe.settings, frames=frames, feature_size=feature_size), recipe.settings, steps=0
        )
        self._untrained = capture_variables(self._model)

    def score(
        self,
        videos: TrainingVideos,
        labels: np.ndarray,
        *,
        train: np.ndarray,
        evaluation: np.ndarray,
        tested: np.ndarray,
        augmented: bool = True,
    ) -> np.ndarray:
        """Trains as `fit` does, and returns the probabilities of `tested` [K], float64 [K]."""
        return self.fit(videos, labels, train=train, evaluation=evaluation, augmented=augmented)(tested)

    def fit(
        self,
        videos: TrainingVideos,
        labels: np.ndarray,
        *,
        train: np.ndarray,
        evaluation: np.ndarray,
        augmented: bool = True,
    ) -> Callable[[np.ndarray], np.ndarray]:
        """Trains on `train`, and stops and calibrates on `evaluation`.

        Args:
            videos: all N of them.
            labels: int64 [N], used instead of the videos' own.
            train: indices.
            evaluation: indices.
            augmented: whether to train on what augmentation has made of `train`, too, and on the run's share of its
                fakes only.

        Returns:
            A function from indices [K] to probabilities, float64 [K], to be called before the next training.
        """
        keras.utils.set_random_seed(self.recipe.seed)
        restore_variables(self._model, self._untrained)
        settings = self.recipe.settings
        chosen = training_set(videos, labels, train, given_fakes=self.recipe.given_fakes, augmented=augmented)
        weights = class_weights(settings.class_weights, videos=len(chosen.labels), fakes=chosen.trained.fakes)
        by_label = np.asarray(weights)
        self._model.fit(
            chosen.inputs,
            chosen.labels[:, None],
            sample_weight=by_label[chosen.labels],
            validation_data=(inputs_of(videos, evaluation), labels[evaluation, None], by_label[labels[evaluation]]),
            batch_size=settings.batch_size,
            epochs=settings.epochs,
            callbacks=[keras.callbacks.EarlyStopping(patience=settings.patience, restore_best_weights=True)],
            verbose=0,
        )
        calibration = choose_calibration(
            labels[evaluation],
            self._predict(videos, evaluation),
            method=self.recipe.calibration,
            clip=self.recipe.clip,
            shift=-prior_shift(weights, trained=chosen.trained, given=chosen.given),
            seed=self.recipe.seed,
            groups=videos.groups[evaluation],
        ).calibration
        return lambda tested: calibration(self._predict(videos, tested))

    def _predict(self, videos: TrainingVideos, indices: np.ndarray) -> np.ndarray:
        return self._model.predict(inputs_of(videos, indices), verbose=0)[:, 0].astype(np.float64)
