"""The search: every trial has valid settings, and an interrupted search resumes."""

import keras_tuner
import numpy as np
import pytest
import tensorflow as tf
from encoder_sizes import FEW_FEATURES

from components.features import FRAME_FEATURES_XF, FRAME_MASK_XF, FRAMES
from components.trainer.architectures import ARCHITECTURES, architecture
from components.trainer.search_space import declare_search_space, tuned_settings
from components.trainer.settings import TrainerSettings
from components.tuner.search import Search
from components.tuner.settings import TunerSettings


def batches(seed: int) -> tf.data.Dataset:
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 2, (24, 1))
    values = generator.normal(size=(24, FRAMES, FEW_FEATURES)) + 2 * labels[:, :, None]
    inputs = {FRAME_FEATURES_XF: values.astype(np.float32), FRAME_MASK_XF: np.ones((24, FRAMES), bool)}
    return tf.data.Dataset.from_tensor_slices((inputs, labels, np.ones(24, np.float32))).batch(8)


def search(folder, trials: int) -> Search:
    tuner = TunerSettings(models=("frame_mean",), trials=trials, epochs=1)
    shape = {"frames": FRAMES, "feature_size": FEW_FEATURES}
    return Search(TrainerSettings(batch_size=8), tuner, **shape, seed=3, folder=str(folder), name="search")


def run(found: Search) -> Search:
    found.search(train=batches(0), evaluation=batches(1), epoch=tf.Variable(0, dtype=tf.int64))
    return found


@pytest.mark.parametrize("model", ARCHITECTURES)
def test_every_choice_of_every_architecture_is_one_that_it_takes(model):
    space = keras_tuner.HyperParameters()
    declare_search_space(space, [model])
    kind = architecture(model).Hyperparameters
    for name, values in architecture(model).SEARCH_SPACE.items():
        for value in values:
            assert getattr(kind(**{name: value}), name) == value
    settings = tuned_settings(TrainerSettings(batch_size=7, epochs=4), space.values)
    assert (settings.model, settings.batch_size, settings.epochs) == (model, 7, 4)
    assert set(settings.hyperparameters) == set(kind.model_fields)


def test_heads_and_width_of_the_transformer_always_go_together():
    space = architecture("transformer").SEARCH_SPACE
    for width in space["width"]:
        for heads in space["heads"]:
            architecture("transformer").Hyperparameters(width=width, heads=heads)


@pytest.mark.e2e
def test_the_best_of_the_trials_on_eval_is_given(tmp_path):
    found = run(search(tmp_path, 3))
    best = found.oracle.get_best_trials(3)
    assert len(best) == 3
    assert best[0].score == min(trial.score for trial in best)
    assert found.get_best_hyperparameters()[0].values == best[0].hyperparameters.values


@pytest.mark.e2e
def test_a_search_that_was_cut_off_keeps_its_trials_and_tries_the_rest(tmp_path):
    first = run(search(tmp_path, 2))
    tried = {trial.trial_id: trial.score for trial in first.oracle.get_best_trials(2)}
    second = run(search(tmp_path, 4))
    scores = {trial.trial_id: trial.score for trial in second.oracle.get_best_trials(4)}
    assert len(scores) == 4
    assert tried.items() <= scores.items()


@pytest.mark.e2e
@pytest.mark.parametrize("name", ["tuner0.json", "oracle.json", "trial_0/trial.json"])
@pytest.mark.parametrize("content", ["", '{"trial_id": '])
def test_a_search_whose_files_were_cut_is_put_aside_and_starts_anew(tmp_path, name, content):
    finished = search(tmp_path, 2)
    trial = finished.oracle.create_trial("tuner0")
    finished.save()
    assert trial.trial_id == "0"
    (tmp_path / "search" / name).write_text(content)
    begun = search(tmp_path, 2)
    assert not begun.oracle.trials
    assert begun.oracle.create_trial("tuner0").status == "RUNNING"
    assert (tmp_path / "search.unreadable" / name).read_text() == content
