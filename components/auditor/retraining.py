"""Retrains the run's model on other videos than the run did."""

import dataclasses
from collections.abc import Callable, Sequence

import keras
import numpy as np
import scipy.special

from components import features
from components.auditor.training_set import TrainingVideos, inputs_of, training_set
from components.metrics.scores import Scores
from components.served_model.description import Description
from components.trainer.best_weights import BestWeights
from components.trainer.calibration import mean_log_odds
from components.trainer.calibration_selection import choose_calibration
from components.trainer.class_weights import class_weights, prior_shift
from components.trainer.ensemble import member_seeds
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
    """The run's untrained model, from which each training starts; built once, as building takes seconds.

    If the run's model has several members, so has each that is trained here.
    """

    def __init__(self, recipe: Recipe, *, frames: int, feature_size: int) -> None:
        """Builds the model for videos of T frames with D features, with the initial weights for the recipe's seeds."""
        self.recipe = recipe
        self._untrained = []
        for seed in self._seeds:
            keras.utils.set_random_seed(seed)
            built = build_model(recipe.settings, frames=frames, feature_size=feature_size)
            self._model = compile_training(built, recipe.settings, steps=0)
            self._scoring = keras.Model(built.input, built.output[features.LOG_ODDS_FAKE])
            self._untrained.append(capture_variables(self._model))

    def score(
        self,
        videos: TrainingVideos,
        labels: np.ndarray,
        *,
        train: np.ndarray,
        evaluation: np.ndarray,
        tested: np.ndarray,
        augmented: bool = True,
    ) -> Scores:
        """Trains as `fit` does, and returns the scores of `tested` [K]."""
        return self.fit(videos, labels, train=train, evaluation=evaluation, augmented=augmented)(tested)

    def fit(
        self,
        videos: TrainingVideos,
        labels: np.ndarray,
        *,
        train: np.ndarray,
        evaluation: np.ndarray,
        augmented: bool = True,
    ) -> Callable[[np.ndarray], Scores]:
        """Trains on `train`, and stops and calibrates on `evaluation`.

        Args:
            videos: all N of them.
            labels: int64 [N], used instead of the videos' own.
            train: indices.
            evaluation: indices.
            augmented: whether to train on what augmentation has made of `train`, too, and on the run's share of its
                fakes only.

        Returns:
            A function from indices [K] to their scores.
        """
        settings = self.recipe.settings
        chosen = training_set(videos, labels, train, given_fakes=self.recipe.given_fakes, augmented=augmented)
        weights = class_weights(settings.class_weights, videos=len(chosen.labels), fakes=chosen.trained.fakes)
        by_label = np.asarray(weights)
        members = []
        for seed, untrained in zip(self._seeds, self._untrained, strict=True):
            keras.utils.set_random_seed(seed)
            restore_variables(self._model, untrained)
            best = BestWeights(settings)
            self._model.fit(
                chosen.inputs,
                chosen.labels[:, None],
                sample_weight=by_label[chosen.labels],
                validation_data=(inputs_of(videos, evaluation), labels[evaluation, None], by_label[labels[evaluation]]),
                batch_size=settings.batch_size,
                epochs=settings.epochs,
                callbacks=[best],
                verbose=0,
            )
            members.append(best.weights or self._model.get_weights())
        calibration = choose_calibration(
            labels[evaluation],
            scipy.special.expit(self._log_odds(members, videos, evaluation)),
            method=self.recipe.calibration,
            clip=self.recipe.clip,
            shift=-prior_shift(weights, trained=chosen.trained, given=chosen.given),
            seed=self.recipe.seed,
            groups=videos.groups[evaluation],
        ).calibration

        def score(tested: np.ndarray) -> Scores:
            log_odds = self._log_odds(members, videos, tested)
            return Scores(calibration(scipy.special.expit(log_odds)), calibration.log_odds(log_odds))

        return score

    @property
    def _seeds(self) -> list[int]:
        return member_seeds(self.recipe.seed, self.recipe.settings.members)

    def _log_odds(self, members: Sequence[list[np.ndarray]], videos: TrainingVideos, indices: np.ndarray) -> np.ndarray:
        """Returns the log odds of the members' mean probability, float64 [K]."""
        said = []
        for weights in members:
            self._model.set_weights(weights)
            said.append(self._scoring.predict(inputs_of(videos, indices), verbose=0)[:, 0].astype(np.float64))
        return mean_log_odds(np.stack(said, axis=1))
