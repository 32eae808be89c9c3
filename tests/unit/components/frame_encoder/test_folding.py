import keras
import numpy as np
import pytest

from components.frame_encoder.folding import fold_batch_norm
from components.frame_encoder.network import build_network
from components.served_model.encoder_architecture import ENCODER_ARCHITECTURES

# Of the large ones, the default is enough for every day.
LARGE = ("efficientnet_v2_s", "resnet_50_v2", "xception")
WITH_BATCH_NORM = [
    pytest.param(name, marks=pytest.mark.long if name in LARGE else ())
    for name in ENCODER_ARCHITECTURES
    if name != "convnext_tiny"
]


@pytest.fixture(autouse=True)
def float64():
    """In float32, some of the deep networks amplify rounding to whole percents."""
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_dtype_policy(policy)


def with_drawn_statistics(model: keras.Model) -> keras.Model:
    """Gives each BatchNorm a scale, a shift and moments of its own."""
    generator = np.random.default_rng(1)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            drawn = {"gamma": (0.5, 1.5), "beta": (-0.1, 0.1), "moving_mean": (-0.1, 0.1), "moving_variance": (0.5, 2)}
            for name, (low, high) in drawn.items():
                if (variable := getattr(layer, name)) is not None:
                    variable.assign(generator.uniform(low, high, variable.shape))
    return model


def batch_norms(model: keras.Model) -> int:
    return sum(isinstance(layer, keras.layers.BatchNormalization) for layer in model.layers)


def largest_error(model: keras.Model, other: keras.Model) -> float:
    frames = np.random.default_rng(0).uniform(-1, 1, (2, *model.input_shape[1:]))
    expected, found = (np.asarray(net(frames, training=False)) for net in (model, other))
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


@pytest.mark.e2e
@pytest.mark.parametrize("name", WITH_BATCH_NORM)
def test_folding_keeps_the_function_of_any_batch_norm(name):
    model = with_drawn_statistics(build_network(name, "random:3").model)
    folded = fold_batch_norm(model)
    assert largest_error(model, folded) < 1e-9
    assert batch_norms(folded) < batch_norms(model)


def test_folding_leaves_nothing_to_fold_in_inception():
    assert batch_norms(fold_batch_norm(build_network("inception_v3", "random:3").model)) == 0


@pytest.mark.parametrize(
    "convolution",
    [
        lambda: keras.layers.Conv2D(4, 3, use_bias=False),
        lambda: keras.layers.Conv2D(4, 3, bias_initializer="ones"),
        lambda: keras.layers.DepthwiseConv2D(3, depth_multiplier=2, use_bias=False),
        lambda: keras.layers.SeparableConv2D(4, 3, bias_initializer="ones"),
    ],
)
@pytest.mark.parametrize(("scale", "center"), [(True, True), (False, True), (True, False)])
def test_any_linear_convolution_takes_its_batch_norm(convolution, scale, center):
    inputs = keras.Input((8, 8, 3))
    normalized = keras.layers.BatchNormalization(scale=scale, center=center)(convolution()(inputs))
    model = with_drawn_statistics(keras.Model(inputs, keras.layers.ReLU()(normalized)))
    folded = fold_batch_norm(model)
    assert batch_norms(folded) == 0
    assert largest_error(model, folded) < 1e-9


def test_batch_norm_after_anything_else_stays():
    inputs = keras.Input((8, 8, 3))
    bent = keras.layers.Conv2D(4, 3, activation="relu")(inputs)
    shared = keras.layers.Conv2D(4, 3)(keras.layers.BatchNormalization()(bent))
    model = with_drawn_statistics(
        keras.Model(inputs, keras.layers.Add()([shared, keras.layers.BatchNormalization()(shared)]))
    )
    folded = fold_batch_norm(model)
    assert batch_norms(folded) == 2
    assert largest_error(model, folded) < 1e-9
