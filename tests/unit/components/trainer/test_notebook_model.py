"""The config `notebook` trains the Kaggle notebook's model, restated here independently."""

import keras
import numpy as np
import pytest
from encoder_sizes import FEATURE_SIZE
from keras import initializers, layers

from components.features import FRAME_FEATURES_XF, FRAME_MASK_XF, FRAMES, PROBABILITY_FAKE
from components.trainer.model import build_model, compile_training
from pipeline.config.load import load_config


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return build_model(load_config("notebook").trainer, frames=FRAMES, feature_size=FEATURE_SIZE)


def notebook_model() -> keras.Model:
    frame_features = keras.Input((20, 2048))
    mask = keras.Input((20,), dtype="bool")
    x = layers.GRU(64, return_sequences=True)(frame_features, mask=mask)
    x = layers.BatchNormalization()(x)
    x = layers.GRU(32, return_sequences=True)(x)
    x = layers.BatchNormalization()(x)
    x = layers.GRU(16)(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(32, activation="relu")(x)
    x = layers.Dropout(0.5)(x)
    return keras.Model([frame_features, mask], layers.Dense(1, activation="sigmoid")(x))


def test_it_says_what_the_notebooks_model_says(model):
    notebook = notebook_model()
    generator = np.random.default_rng(0)
    notebook.set_weights([np.abs(generator.normal(0, 0.2, weight.shape)) for weight in notebook.get_weights()])
    model.set_weights(notebook.get_weights())
    frame_features = generator.normal(size=(3, FRAMES, FEATURE_SIZE)).astype(np.float32)
    valid = np.arange(FRAMES)[None] < np.asarray([1, 7, 20])[:, None]
    expected = np.asarray(notebook([frame_features, valid], training=False))
    found = model({FRAME_FEATURES_XF: frame_features, FRAME_MASK_XF: valid}, training=False)[PROBABILITY_FAKE]
    np.testing.assert_allclose(np.asarray(found), expected, atol=1e-6)


def test_it_has_the_notebooks_layers(model):
    found = [
        (type(layer).__name__, getattr(layer, "units", getattr(layer, "rate", None)))
        for layer in model.layers
        if layer.weights or isinstance(layer, layers.Dropout)
    ]
    assert found == [
        ("GRU", 64),
        ("BatchNormalization", None),
        ("GRU", 32),
        ("BatchNormalization", None),
        ("GRU", 16),
        ("Dropout", 0.5),
        ("Dense", 32),
        ("Dropout", 0.5),
        ("Dense", 1),
    ]
    kinds = (layers.Dense, layers.Activation)
    activations = [layer.activation.__name__ for layer in model.layers if isinstance(layer, kinds)]
    # The last layer's sigmoid is one of its own, so that the model can also tell the log odds.
    assert activations == ["relu", "linear", "sigmoid"]


def test_it_has_the_notebooks_count_of_parameters(model):
    # Per layer: GRU 3 (inputs + units + 2 biases) units, BatchNormalization 4 units, Dense (inputs + bias) units.
    recurrent = 3 * (2048 + 64 + 2) * 64 + 3 * (64 + 32 + 2) * 32 + 3 * (32 + 16 + 2) * 16
    assert model.count_params() == recurrent + 4 * (64 + 32) + (16 + 1) * 32 + (32 + 1)


def test_its_weights_start_as_keras_starts_them(model):
    for layer in model.layers:
        if isinstance(layer, layers.GRU):
            assert isinstance(layer.cell.kernel_initializer, initializers.GlorotUniform)
            assert isinstance(layer.cell.recurrent_initializer, initializers.Orthogonal)
            assert isinstance(layer.cell.bias_initializer, initializers.Zeros)
        if isinstance(layer, layers.Dense):
            assert isinstance(layer.kernel_initializer, initializers.GlorotUniform)
            assert isinstance(layer.bias_initializer, initializers.Zeros)


def test_it_is_trained_as_the_notebook_trains_it(model):
    settings = load_config("notebook").trainer
    trained = compile_training(model, settings, steps=0)
    assert [weight.path for weight in trained.weights] == [weight.path for weight in model.weights]
    assert trained.optimizer.get_config() == keras.optimizers.Adam(1e-4, name=trained.optimizer.name).get_config()
    assert settings.class_weights == "none"
    videos = {
        FRAME_FEATURES_XF: np.random.default_rng(0).normal(size=(2, FRAMES, FEATURE_SIZE)).astype(np.float32),
        FRAME_MASK_XF: np.ones((2, FRAMES), bool),
    }
    real, fake = model.predict_on_batch(videos)[PROBABILITY_FAKE][:, 0]
    loss = trained.test_on_batch(videos, np.asarray([[0], [1]]), return_dict=True)["loss"]
    assert loss == pytest.approx(-(np.log(1 - real) + np.log(fake)) / 2, rel=1e-5)
