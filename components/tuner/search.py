"""Resumable random search over architectures and hyperparameters, evaluated on the eval split."""

import os
from typing import Any

import keras
import keras_tuner
import tensorflow as tf

from components import storage
from components.node_progress import report_progress
from components.trainer.best_weights import MONITOR, BestWeights
from components.trainer.mixed_precision import has_gpu, mixed_precision
from components.trainer.model import build_model, compile_training
from components.trainer.search_space import declare_search_space, tuned_settings
from components.trainer.settings import TrainerSettings
from components.trainer.training_state import put_aside
from components.tuner.settings import TunerSettings


class Search(keras_tuner.RandomSearch):
    """Random search, which is hard to beat with few trials over a space with many conditions (Bergstra, Bengio 2012).

    Each finished trial is saved at once, and a search with the same folder and name resumes from there.
    """

    def __init__(
        self,
        settings: TrainerSettings,
        tuner: TunerSettings,
        *,
        frames: int,
        feature_size: int,
        seed: int,
        folder: str,
        name: str,
    ) -> None:
        """Starts a search, or resumes one; what is left of one and cannot be read is put aside.

        Args:
            settings: of the training, for everything that is not searched.
            tuner: the search space and the limits of the search.
            frames: T.
            feature_size: D.
            seed: of the sampled values, of weights and of dropout.
            folder: local or in a bucket, where trials are saved.
            name: of this search in `folder`.
        """
        self._settings = settings.model_copy(update={"epochs": tuner.epochs, "patience": tuner.patience})
        self._shape: dict[str, Any] = {"frames": frames, "feature_size": feature_size}
        self._seed = seed
        self._tuner = tuner
        try:
            self._open(folder, name)
        except Exception as error:
            # Keras Tuner raises whatever comes first of files that a fault has cut.
            kept = os.path.join(folder, name)
            if not storage.exists(kept):
                raise
            put_aside(kept, error)
            self._open(folder, name)

    def run_trial(
        self, trial: Any, train: tf.data.Dataset, evaluation: tf.data.Dataset, epoch: tf.Variable
    ) -> dict[str, float]:
        """Trains one model and returns its lowest eval loss; no weights are kept, as the Trainer trains again."""
        keras.utils.set_random_seed(self._seed)
        model = self._build(trial.hyperparameters)
        history = model.fit(
            train,
            validation_data=evaluation,
            epochs=self._settings.epochs,
            callbacks=[
                BestWeights(self._settings),
                keras.callbacks.LambdaCallback(on_epoch_begin=lambda number, logs: epoch.assign(number)),
            ],
            verbose=0,
        ).history
        loss = min(history[MONITOR])
        done = len(self.oracle.get_best_trials(self.oracle.max_trials)) + 1
        report_progress(
            f"trial {done} of {self.oracle.max_trials}: {trial.hyperparameters['model']}, eval loss {loss:.3f}"
        )
        return {MONITOR: loss}

    def _open(self, folder: str, name: str) -> None:
        space = keras_tuner.HyperParameters()
        declare_search_space(space, self._tuner.models)
        super().__init__(
            self._build,
            objective=keras_tuner.Objective(MONITOR, "min"),
            max_trials=self._tuner.trials,
            hyperparameters=space,
            tune_new_entries=False,
            seed=self._seed,
            directory=folder,
            project_name=name,
        )

    def _build(self, hyperparameters: keras_tuner.HyperParameters) -> keras.Model:
        settings = tuned_settings(self._settings, hyperparameters.values)
        with mixed_precision(has_gpu()):
            return compile_training(build_model(settings, **self._shape), settings, steps=0)
