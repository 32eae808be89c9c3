"""All architectures: masking, the meaning of a frame's score, and hyperparameters."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from components.features import FRAME_FEATURES_XF, FRAME_MASK_XF, FRAME_SCORES, FRAMES, PROBABILITY_FAKE
from components.trainer.architectures import ARCHITECTURES, architecture
from components.trainer.architectures.hyperparameters import FrameScore
from components.trainer.layers import FrameDifferences, MaskedStatistics
from components.trainer.model import build_model, compile_training
from components.trainer.settings import TrainerSettings

SIZE = 8
BLIND_TO_ORDER = ("frame_mean", "frame_statistics", "attention")

every_architecture = pytest.mark.parametrize("name", ARCHITECTURES)
with_and_without_differences = pytest.mark.parametrize("differences", [False, True])


@functools.cache
def model_of(name: str, differences: bool = False) -> keras.Model:
    """Has random biases, positions and moving statistics, so that each of them affects the output."""
    model = build_model(TrainerSettings(model=name, frame_differences=differences), frames=FRAMES, feature_size=SIZE)
    generator = np.random.default_rng(0)
    for weight in model.weights:
        noise = generator.normal(0, 1 / np.sqrt(weight.shape[0]), weight.shape)
        weight.assign(noise if len(weight.shape) > 1 else np.abs(noise) + 0.1)
    return model


def videos(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, FRAMES, SIZE)).astype(np.float32)


def first(*frames: int) -> np.ndarray:
    return np.arange(FRAMES)[None] < np.asarray(frames)[:, None]


def predict(model: keras.Model, frame_features: np.ndarray, mask: np.ndarray) -> dict[str, np.ndarray]:
    return model.predict_on_batch({FRAME_FEATURES_XF: frame_features, FRAME_MASK_XF: mask})


@every_architecture
@with_and_without_differences
@given(frames=st.integers(1, FRAMES), seed=st.integers(0, 99), hidden=st.sampled_from([-1e3, 7.0, 1e3]))
@hypothesis_settings(max_examples=5, deadline=None)
def test_what_lies_under_the_mask_does_not_matter(name, differences, frames, seed, hidden):
    clean = videos(1, seed)
    dirty = np.where(first(frames)[:, :, None], clean, hidden).astype(np.float32)
    expected, found = (predict(model_of(name, differences), values, first(frames)) for values in (clean, dirty))
    for output in (PROBABILITY_FAKE, FRAME_SCORES):
        np.testing.assert_allclose(found[output], expected[output], atol=1e-6)
    assert not found[FRAME_SCORES][0, frames:].any()


@every_architecture
@with_and_without_differences
@pytest.mark.parametrize("frames", [2, 13])
def test_padded_and_masked_is_the_same_as_truncated(name, differences, frames):
    whole = model_of(name, differences)
    settings = TrainerSettings(model=name, frame_differences=differences)
    short = build_model(settings, frames=frames, feature_size=SIZE)
    weights = zip(whole.get_weights(), short.weights, strict=True)
    # Only the transformer's position embeddings depend on the number of frames.
    short.set_weights([values[:frames] if values.shape != weight.shape else values for values, weight in weights])
    masked = predict(whole, videos(3), first(frames, frames, frames))
    truncated = predict(short, videos(3)[:, :frames], np.ones((3, frames), bool))
    np.testing.assert_allclose(masked[PROBABILITY_FAKE], truncated[PROBABILITY_FAKE], atol=1e-6)
    np.testing.assert_allclose(masked[FRAME_SCORES][:, :frames], truncated[FRAME_SCORES], atol=1e-6)


@every_architecture
@with_and_without_differences
def test_frame_scores_mean_what_the_architecture_says(name, differences):
    model, meaning = model_of(name, differences), architecture(name).FRAME_SCORE
    scores = predict(model, videos(2), first(FRAMES, 15))[FRAME_SCORES]
    assert ((scores >= 0) & (scores <= 1)).all()
    if meaning is FrameScore.ATTENTION:
        np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-6)
    for frame in (0, 5, 14):
        if meaning is FrameScore.RUNNING:
            ended = predict(model, videos(2), first(frame + 1, frame + 1))
            np.testing.assert_allclose(ended[PROBABILITY_FAKE][:, 0], scores[:, frame], atol=1e-6)
        # A frame on its own has no difference from a previous one.
        if meaning is FrameScore.ALONE and not differences:
            alone = np.repeat(videos(2)[:, frame : frame + 1], FRAMES, axis=1)
            verdict = predict(model, alone, first(1, 1))[PROBABILITY_FAKE]
            np.testing.assert_allclose(verdict[:, 0], scores[:, frame], atol=1e-6)


@every_architecture
def test_only_a_temporal_model_sees_the_order_of_the_frames(name):
    straight = predict(model_of(name), videos(4), first(20, 20, 20, 20))[PROBABILITY_FAKE]
    backward = predict(model_of(name), videos(4)[:, ::-1], first(20, 20, 20, 20))[PROBABILITY_FAKE]
    assert np.allclose(straight, backward, atol=1e-5) == (name in BLIND_TO_ORDER)


@every_architecture
def test_every_trainable_weight_is_reached_by_training(name):
    settings = TrainerSettings(model=name)
    model = compile_training(build_model(settings, frames=FRAMES, feature_size=SIZE), settings, steps=0)
    labels = np.arange(16, dtype=np.float32).reshape(-1, 1) % 2
    with tf.GradientTape() as tape:
        served = model({FRAME_FEATURES_XF: videos(16), FRAME_MASK_XF: first(*range(5, 21))}, training=True)
        loss = model.compute_loss(y=labels, y_pred=served)
    gradients = tape.gradient(loss, [weight.value for weight in model.trainable_weights])
    assert all(gradient is not None and np.isfinite(gradient).all() for gradient in gradients)


def test_differences_are_absolute_and_stop_at_the_mask():
    frame_features = np.asarray([[[1.0], [4.0], [2.0], [9.0]]], np.float32)
    mask = np.asarray([[True, True, True, False]])
    found = np.asarray(FrameDifferences()(frame_features, mask))
    np.testing.assert_array_equal(found[0, :, 1], [0, 3, 2, 0])
    np.testing.assert_array_equal(found[0, :, 0], frame_features[0, :, 0])


def test_statistics_are_mean_and_deviation_over_valid_frames():
    model = build_model(TrainerSettings(model="frame_statistics"), frames=FRAMES, feature_size=SIZE)
    (statistics,) = (layer for layer in model.layers if isinstance(layer, MaskedStatistics))
    found = keras.Model(model.inputs, statistics.output)({FRAME_FEATURES_XF: videos(1), FRAME_MASK_XF: first(9)})
    found = np.asarray(found)
    valid = videos(1)[0, :9].astype(np.float64)
    np.testing.assert_allclose(found[0, :SIZE], valid.mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(found[0, SIZE:], np.sqrt(valid.var(axis=0) + 1e-3), atol=1e-5)


def test_unknown_architecture_lists_the_known_ones():
    with pytest.raises(ValueError, match="allowed are gru, gru_small, frame_mean"):
        TrainerSettings(model="lstm")


@pytest.mark.parametrize(
    ("name", "hyperparameters", "message"),
    [
        ("gru", {"unit": 3}, r"gru has no unit; gru takes, by default, units=\(64, 32, 16\), dropout=0.5"),
        ("gru_small", {"units": [64, 32, 16]}, "gru_small takes"),
        ("frame_mean", {"dropout": 1}, "dropout=1: Input should be less than 1; frame_mean takes"),
        ("attention", {"width": 0}, "width=0"),
        ("transformer", {"heads": 5}, "width=64 must be a multiple of heads=5; transformer takes"),
    ],
)
def test_wrong_hyperparameter_lists_the_right_ones(name, hyperparameters, message):
    with pytest.raises(ValueError, match=message):
        TrainerSettings(model=name, hyperparameters=hyperparameters)


def test_hyperparameters_shape_the_model():
    settings = TrainerSettings(model="transformer", hyperparameters={"encoder_layers": 1, "width": 12, "heads": 3})
    model = build_model(settings, frames=FRAMES, feature_size=SIZE)
    (attention,) = (layer for layer in model.layers if isinstance(layer, keras.layers.MultiHeadAttention))
    assert (attention.num_heads, attention.key_dim) == (3, 4)
    assert TrainerSettings(**settings.model_dump()) == settings
