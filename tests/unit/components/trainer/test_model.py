import keras
import numpy as np
import pytest

from components.features import FEATURE_SIZE, FRAME_FEATURES_XF, FRAME_MASK_XF, FRAME_SCORES, FRAMES, PROBABILITY_FAKE
from components.trainer.model import FrameDifferences, build_model
from components.trainer.models import ARCHITECTURES
from components.trainer.settings import TrainerSettings

settings = [
    TrainerSettings(model=name, frame_differences=differences)
    for name in ARCHITECTURES
    for differences in (False, True)
]


def features(videos: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(videos, FRAMES, FEATURE_SIZE)).astype(np.float32)


def predict(model: keras.Model, frame_features: np.ndarray, mask: np.ndarray) -> dict[str, np.ndarray]:
    served = model({FRAME_FEATURES_XF: frame_features, FRAME_MASK_XF: mask}, training=False)
    return {name: np.asarray(value) for name, value in served.items()}


def trained_a_little(settings: TrainerSettings) -> keras.Model:
    keras.utils.set_random_seed(0)
    model = build_model(settings)
    labels = np.arange(16).reshape(-1, 1) % 2
    mask = np.arange(FRAMES)[None] < np.arange(5, 21)[:, None]
    model.fit({FRAME_FEATURES_XF: features(16), FRAME_MASK_XF: mask}, labels, epochs=2, verbose=0)
    return model


@pytest.mark.parametrize("settings", settings, ids=str)
def test_what_lies_under_the_mask_does_not_matter(settings):
    model = trained_a_little(settings)
    clean, dirty = features(3), features(3)
    mask = np.arange(FRAMES)[None] < np.asarray([1, 7, 20])[:, None]
    dirty[~mask] = 1e3
    expected, found = predict(model, clean, mask), predict(model, dirty, mask)
    for name in (PROBABILITY_FAKE, FRAME_SCORES):
        np.testing.assert_allclose(found[name], expected[name], atol=1e-6)


def test_masked_is_the_same_as_truncated():
    model = trained_a_little(TrainerSettings())
    whole = features(1)
    for frames in (1, 6, 19):
        mask = np.arange(FRAMES)[None] < frames
        masked = predict(model, whole, mask)[PROBABILITY_FAKE]
        np.testing.assert_allclose(masked, truncated_gru(model, whole[:, :frames]), atol=1e-6)


def truncated_gru(model: keras.Model, frame_features: np.ndarray) -> np.ndarray:
    """The layers of the trained model one by one, fed valid frames only and no mask."""
    values = frame_features
    for layer in model.layers:
        if isinstance(layer, keras.layers.GRU | keras.layers.BatchNormalization):
            values = layer(values, training=False)
            values = values[0] if isinstance(values, list | tuple) else values
    values = values[:, -1]
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dense):
            values = layer(values)
    return np.asarray(values)


def test_score_of_a_frame_is_the_verdict_on_the_video_up_to_it():
    model = trained_a_little(TrainerSettings())
    whole = features(1)
    scores = predict(model, whole, np.ones((1, FRAMES), bool))[FRAME_SCORES]
    for frames in (1, 5, FRAMES):
        cut = predict(model, whole, np.arange(FRAMES)[None] < frames)
        np.testing.assert_allclose(cut[PROBABILITY_FAKE][0, 0], scores[0, frames - 1], atol=1e-6)
        assert not cut[FRAME_SCORES][0, frames:].any()


def test_gru_is_the_notebooks_model():
    frame_features = keras.Input((FRAMES, FEATURE_SIZE))
    mask = keras.Input((FRAMES,), dtype="bool")
    x = keras.layers.GRU(64, return_sequences=True)(frame_features, mask=mask)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.GRU(32, return_sequences=True)(x)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.GRU(16)(x)
    x = keras.layers.Dropout(0.5)(x)
    x = keras.layers.Dense(32, activation="relu")(x)
    x = keras.layers.Dropout(0.5)(x)
    notebook = keras.Model([frame_features, mask], keras.layers.Dense(1, activation="sigmoid")(x))

    model = build_model(TrainerSettings())
    assert [weight.shape for weight in model.weights] == [weight.shape for weight in notebook.weights]
    notebook.set_weights(model.get_weights())
    valid = np.arange(FRAMES)[None] < np.asarray([3, 20])[:, None]
    expected = np.asarray(notebook([features(2), valid], training=False))
    np.testing.assert_allclose(predict(model, features(2), valid)[PROBABILITY_FAKE], expected, atol=1e-6)
    assert isinstance(model.optimizer, keras.optimizers.Adam)
    assert float(model.optimizer.learning_rate) == pytest.approx(1e-4)


def test_differences_are_absolute_and_stop_at_the_mask():
    frame_features = np.asarray([[[1.0], [4.0], [2.0], [9.0]]], np.float32)
    mask = np.asarray([[True, True, True, False]])
    found = np.asarray(FrameDifferences()(frame_features, mask))
    np.testing.assert_array_equal(found[0, :, 1], [0, 3, 2, 0])
    np.testing.assert_array_equal(found[0, :, 0], frame_features[0, :, 0])


def test_unknown_architecture_lists_the_known_ones():
    with pytest.raises(ValueError, match="allowed are gru"):
        TrainerSettings(model="lstm")
