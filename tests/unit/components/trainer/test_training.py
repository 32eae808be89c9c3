"""Training: which epoch's weights are kept, when it stops, and that an interruption changes nothing."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from components.errors import UserError
from components.features import FRAME_FEATURES_XF, FRAME_MASK_XF, FRAMES
from components.trainer.best_weights import best_epoch
from components.trainer.fitting import fit
from components.trainer.mixed_precision import mixed_precision
from components.trainer.model import build_model, compile_training
from components.trainer.settings import TrainerSettings
from components.trainer.training_state import StateFile, TrainingState, training_key

SIZE = 8
SETTINGS = TrainerSettings(model="frame_mean", epochs=6, learning_rate=1e-2)


def batches(seed: int, *, flipped: bool = False, weight: float = 1.0) -> tf.data.Dataset:
    """Fakes have larger features than real videos; if `flipped`, smaller ones."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 2, (40, 1))
    values = generator.normal(size=(40, FRAMES, SIZE)) + (1 - labels if flipped else labels)[:, :, None]
    inputs = {FRAME_FEATURES_XF: values.astype(np.float32), FRAME_MASK_XF: np.ones((40, FRAMES), bool)}
    return tf.data.Dataset.from_tensor_slices((inputs, labels, np.full(40, weight, np.float32))).batch(16)


def train(folder, settings=SETTINGS, *, evaluation=None, name="logs", weight=1.0):
    keras.utils.set_random_seed(0)
    model = compile_training(build_model(settings, frames=FRAMES, feature_size=SIZE), settings, steps=0)
    history = fit(
        model,
        batches(0, weight=weight),
        batches(1, weight=weight) if evaluation is None else evaluation,
        settings,
        str(folder / name),
        epoch=tf.Variable(0, dtype=tf.int64),
        state_file=StateFile(str(folder / "state"), "key"),
    )
    return model, history


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A training that nothing interrupts: its model and history."""
    return train(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def state_after_two_epochs(tmp_path_factory) -> TrainingState:
    """What a training leaves that is killed then: the state is kept until it is removed."""
    folder = tmp_path_factory.mktemp("cut")
    train(folder, SETTINGS.model_copy(update={"epochs": 2}))
    state = StateFile(str(folder / "state"), "key").read()
    assert state is not None
    return state


@pytest.mark.e2e
@pytest.mark.parametrize("averaging", [0.0, 0.9])
def test_interrupted_training_ends_like_an_uninterrupted_one(tmp_path, averaging):
    settings = SETTINGS.model_copy(update={"weight_averaging": averaging})
    whole, expected = train(tmp_path / "whole", settings)
    # The state is kept until it is removed, so this is equivalent to a kill after the second epoch.
    train(tmp_path / "cut", settings.model_copy(update={"epochs": 2}))
    resumed, history = train(tmp_path / "cut", settings)
    assert history == expected
    for found, wanted in zip(resumed.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.e2e
@pytest.mark.parametrize("damage", ["other variables", "other weights", "another history"])
def test_a_state_of_another_training_is_put_aside_and_changes_nothing(tmp_path, whole, state_after_two_epochs, damage):
    model, expected = whole
    state = state_after_two_epochs
    if damage == "other variables":
        state = dataclasses.replace(state, variables=[*state.variables[:-1], np.ones((3, 5), np.float32)])
    elif damage == "other weights":
        state = dataclasses.replace(state, best_weights=state.best_weights[:-1])
    else:
        state = dataclasses.replace(state, history={})
    StateFile(str(tmp_path / "state"), "key").write(state)
    begun, history = train(tmp_path)
    assert history == expected
    for found, wanted in zip(begun.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.e2e
def test_finished_training_is_not_trained_again(tmp_path):
    first, expected = train(tmp_path)
    second, history = train(tmp_path, name="again")
    assert history == expected
    np.testing.assert_array_equal(second.get_weights()[0], first.get_weights()[0])
    assert not tf.io.gfile.glob(str(tmp_path / "again" / "**" / "events.out.tfevents.*"))


def test_patience_ends_it_and_the_best_epoch_on_eval_wins(tmp_path):
    settings = SETTINGS.model_copy(update={"epochs": 30, "patience": 3})
    evaluation = batches(1, flipped=True)
    model, history = train(tmp_path, settings, evaluation=evaluation)
    assert len(history["val_loss"]) == best_epoch(history) + 3 < 30
    loss = model.evaluate(evaluation, return_dict=True, verbose=0)["loss"]
    assert loss == pytest.approx(min(history["val_loss"]), rel=1e-5)


@pytest.mark.e2e
def test_with_averaging_the_mean_of_the_weights_is_judged_and_kept(tmp_path):
    settings = SETTINGS.model_copy(update={"weight_averaging": 0.8, "learning_rate": 0.05})
    averaged, history = train(tmp_path / "averaged", settings)
    train(tmp_path / "plain", settings.model_copy(update={"weight_averaging": 0.0}))
    # Being judged by its averages does not change what is trained.
    states = [StateFile(str(tmp_path / name / "state"), "key").read() for name in ("averaged", "plain")]
    count = len(averaged.weights)
    for trained, plain in zip(*(state.variables[:count] for state in states), strict=True):
        np.testing.assert_array_equal(trained, plain)
    loss = averaged.evaluate(batches(1), return_dict=True, verbose=0)["loss"]
    assert loss == pytest.approx(min(history["val_loss"]), rel=1e-5)

    expected = None
    keras.utils.set_random_seed(0)
    model = compile_training(build_model(settings, frames=FRAMES, feature_size=SIZE), SETTINGS, steps=0)
    model.optimizer.learning_rate.assign(0.05)
    for _ in range(best_epoch(history)):
        for inputs, labels, weights in batches(0):
            model.train_on_batch(inputs, labels, weights)
            now = [np.array(variable) for variable in model.trainable_variables]
            expected = [0.8 * old + 0.2 * new for old, new in zip(expected or now, now, strict=True)]
    for found, wanted in zip(averaged.trainable_variables, expected, strict=True):
        np.testing.assert_allclose(np.array(found), wanted, atol=1e-5)


def weights_after(folder, **changed) -> list[tuple[str, np.ndarray]]:
    model, _ = train(folder, SETTINGS.model_copy(update={"epochs": 1, **changed}))
    return [(weight.name, np.asarray(weight)) for weight in model.trainable_weights]


@pytest.mark.e2e
def test_decay_shrinks_kernels_and_nothing_else(tmp_path):
    # Without gradients to speak of, decay is all that moves weights.
    still = {"gradient_clip": 1e-12, "learning_rate": 0.1}
    before = weights_after(tmp_path / "still", **still)
    after = weights_after(tmp_path / "decayed", **still, weight_decay=0.5)
    for (name, values), (_, decayed) in zip(before, after, strict=True):
        expected = values * (1 - 0.1 * 0.5) ** 3 if "kernel" in name else values
        np.testing.assert_allclose(decayed, expected, rtol=1e-2, atol=1e-4)


@pytest.mark.e2e
def test_clipped_gradients_move_weights_less(tmp_path):
    start = weights_after(tmp_path / "start", learning_rate=1e-12)

    def moved(clip: float) -> float:
        found = weights_after(tmp_path / str(clip), learning_rate=0.01, gradient_clip=clip)
        return sum(np.abs(values - before).sum() for (_, values), (_, before) in zip(found, start, strict=True))

    assert moved(1e-9) < 0.1 * moved(0.0)


def test_loss_that_is_no_number_is_told(tmp_path):
    with pytest.raises(UserError, match=r"trainer\.learning_rate=0\.01"):
        train(tmp_path, weight=float("nan"))


def test_state_is_read_as_it_was_written(tmp_path):
    state_file = StateFile(str(tmp_path), "key")
    assert state_file.read() is None
    variables = [np.arange(6, dtype=np.float32).reshape(2, 3), np.asarray(7, np.int64)]
    state_file.write(TrainingState(variables, [], {"val_loss": [float("nan")]}))
    state_file.write(TrainingState(variables, variables[:1], {"val_loss": [0.5, 0.25]}))
    found = state_file.read()
    assert found.history == {"val_loss": [0.5, 0.25]}
    for one, other in zip(found.variables + found.best_weights, [*variables, variables[0]], strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype
    state_file.remove()
    assert state_file.read() is None
    assert list(tmp_path.iterdir()) == []


def test_key_tells_trainings_apart():
    assert training_key(seed=1, train="a") == training_key(train="a", seed=1)
    assert training_key(seed=1, train="a") != training_key(seed=2, train="a")


@pytest.mark.e2e
@pytest.mark.parametrize(
    "name",
    [
        "gru_small",
        "attention",
        *(pytest.param(name, marks=pytest.mark.long) for name in ("frame_statistics", "transformer")),
    ],
)
def test_half_precision_gives_float32_answers_close_to_the_full_ones(name):
    settings = TrainerSettings(model=name)
    full = build_model(settings, frames=FRAMES, feature_size=SIZE)
    with mixed_precision(True):
        half = compile_training(build_model(settings, frames=FRAMES, feature_size=SIZE), settings, steps=0)
    assert keras.config.dtype_policy().name == "float32"
    assert isinstance(half.optimizer, keras.optimizers.LossScaleOptimizer)
    assert all(weight.dtype == "float32" for weight in half.trainable_weights)
    half.set_weights(full.get_weights())
    inputs = next(iter(batches(0)))[0]
    found = half.predict_on_batch(inputs)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, full.predict_on_batch(inputs)["probability_fake"], atol=5e-3)
    assert np.isfinite(half.train_on_batch(inputs, np.ones((16, 1)), return_dict=True)["loss"])
