import importlib.util
import pathlib
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from drawn_frames import moving_shapes
from drawn_network import drawn_network

from components.errors import UserError
from components.frame_encoder.build import build_encoder
from components.frame_encoder.graph import Network
from components.frame_encoder.network import build_network
from components.served_model.encoder import load_encoder, read_description

Build = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def frames() -> np.ndarray:
    return np.stack(moving_shapes(5, 224, 224))


@pytest.fixture(scope="module")
def inception() -> Network:
    return build_network("inception_v3", "random:3")


def two_convolutions(offset: float) -> Network:
    """Adds `offset` to the first convolution's output, and subtracts it after the second."""
    inputs = keras.Input((224, 224, 3))
    first = keras.layers.Conv2D(16, 8, strides=8, use_bias=False)(inputs)
    shifted = keras.layers.BatchNormalization(scale=False, beta_initializer=keras.initializers.Constant(offset))(first)
    identity = keras.layers.Conv2D(16, 1, use_bias=False)
    second = identity(shifted)
    identity.set_weights([np.eye(16, dtype=np.float32)[None, None]])
    back = keras.layers.BatchNormalization(scale=False, moving_mean_initializer=keras.initializers.Constant(offset))
    return drawn_network(inputs, keras.layers.GlobalAveragePooling2D()(keras.layers.ReLU()(back(second))))


@pytest.fixture
def build(tmp_path: pathlib.Path, frames: np.ndarray) -> Build:
    """Builds an encoder, by default of a small model, in `tmp_path / "encoder"`."""

    def build(network: Network | None = None, *, found: int = 5, has_bfloat16: bool = True, **settings: str):
        keras.utils.set_random_seed(0)
        return build_encoder(
            network or two_convolutions(0.0),
            str(tmp_path / "encoder"),
            **{"weights": "drawn", "precision": "auto", "engine": "tensorflow", **settings},
            sample_frames=lambda: frames[:found],
            has_bfloat16=lambda: has_bfloat16,
        )

    return build


def of_keras(network: Network, frames: np.ndarray) -> np.ndarray:
    return np.asarray(network.model(network.preprocess(frames.astype(np.float32))))


def least_cosine(found: np.ndarray, expected: np.ndarray) -> float:
    lengths = np.linalg.norm(found, axis=1) * np.linalg.norm(expected, axis=1)
    return float(((found * expected).sum(axis=1) / lengths).min())


def largest_error(found: np.ndarray, expected: np.ndarray) -> float:
    return float((np.linalg.norm(found - expected, axis=1) / np.linalg.norm(expected, axis=1)).max())


@pytest.mark.e2e
def test_float32_encoder_gives_the_features_of_keras(build, inception, frames, tmp_path):
    description = build(inception, weights="random:3", has_bfloat16=False)
    assert description == read_description(str(tmp_path / "encoder"))
    assert (description.architecture, description.weights) == ("inception_v3", "random:3")
    assert (description.precision, description.engine) == ("float32", "tensorflow")
    assert "neither AMX nor AVX512-BF16" in description.precision_reason
    encoded = load_encoder(str(tmp_path / "encoder"))(frames)
    assert encoded.dtype == np.float32
    assert largest_error(encoded, of_keras(inception, frames)) < 1e-4


@pytest.mark.e2e
def test_bfloat16_encoder_agrees_and_opens_everywhere(build, inception, frames, tmp_path):
    path = str(tmp_path / "encoder")
    description = build(inception)
    assert description.precision == "bfloat16"
    encoded = load_encoder(path)(frames)
    expected = of_keras(inception, frames)
    assert encoded.dtype == np.float32
    assert least_cosine(encoded, expected) >= 0.998
    # Not float32 in disguise.
    assert largest_error(encoded, expected) > 1e-4
    agreement = description.agreement
    assert agreement["frames"] == len(frames)
    assert agreement["min_cosine"] == pytest.approx(least_cosine(encoded, expected), abs=1e-5)
    assert agreement["max_relative_error"] == pytest.approx(largest_error(encoded, expected), rel=0.01)
    # bfloat16 weights take half the space.
    assert 40e6 < (tmp_path / "encoder" / "saved_model.pb").stat().st_size < 50e6

    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        loaded = tf.compat.v1.saved_model.load(session, ["serve"], path)
        signature = loaded.signature_def["serving_default"]
        output = next(iter(signature.outputs.values())).name
        by_session = session.run(output, {signature.inputs["frames"].name: frames})
    np.testing.assert_allclose(by_session, encoded, rtol=1e-5, atol=1e-7)

    encoder = tf.saved_model.load(path)
    archive = keras.export.ExportArchive()
    archive.track(encoder)
    spec = tf.TensorSpec([None, 224, 224, 3], tf.uint8, name="frames")
    archive.add_endpoint("serve_frames", lambda frames: {"mean": tf.reduce_mean(encoder.encode(frames), 1)}, [spec])
    archive.write_out(str(tmp_path / "served"), verbose=False)
    served = tf.saved_model.load(str(tmp_path / "served"))
    mean = served.signatures["serve_frames"](frames=tf.constant(frames))["mean"]
    np.testing.assert_allclose(mean, encoded.mean(axis=1), rtol=1e-5)


def test_auto_is_bfloat16_only_where_the_processor_has_it(build):
    assert build(has_bfloat16=True).precision == "bfloat16"
    assert build(has_bfloat16=False).precision == "float32"


def test_bfloat16_that_is_asked_for_is_built_on_any_processor(build):
    assert build(precision="bfloat16", has_bfloat16=False).precision == "bfloat16"


def test_precision_is_in_the_fingerprint(build):
    assert build(precision="float32").fingerprint != build(precision="bfloat16").fingerprint


def test_auto_is_float32_where_bfloat16_disagrees(build, frames, tmp_path):
    model = two_convolutions(1000.0)
    description = build(model)
    assert description.precision == "float32"
    assert "least cosine" in description.precision_reason
    assert description.agreement is None
    encoded = load_encoder(str(tmp_path / "encoder"))(frames)
    assert largest_error(encoded, of_keras(model, frames)) < 1e-4


def test_bfloat16_that_is_asked_for_and_disagrees_is_refused_with_the_figure(build):
    with pytest.raises(UserError, match=r"least cosine -?0\.\d+") as raised:
        build(two_convolutions(1000.0), precision="bfloat16")
    assert "encoder.precision=float32" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_auto_is_float32_where_there_is_no_frame_to_compare_on(build):
    description = build(found=0)
    assert description.precision == "float32"
    assert "no video could be decoded" in description.precision_reason


def test_bfloat16_that_is_asked_for_needs_frames(build):
    with pytest.raises(UserError, match="could be decoded"):
        build(found=0, precision="bfloat16")


@pytest.mark.e2e
@pytest.mark.skipif(importlib.util.find_spec("openvino") is None, reason="openvino is not installed")
def test_openvino_gives_the_same_features(build, inception, frames, tmp_path):
    path = str(tmp_path / "encoder")
    description = build(inception, engine="openvino", has_bfloat16=False)
    assert (description.engine, description.precision) == ("openvino", "float32")
    assert description.agreement["frames"] == len(frames)
    assert description.agreement["max_relative_error"] <= 1e-4
    # More than one of its fixed-size batches, the last one partial.
    encoded = load_encoder(path)(np.concatenate([frames] * 3)[:13])
    assert encoded.dtype == np.float32
    expected = of_keras(inception, frames)
    assert largest_error(encoded, np.concatenate([expected] * 3)[:13]) < 1e-4
    # The TensorFlow form that a Trainer embeds is there, too.
    loaded = tf.saved_model.load(path)
    assert largest_error(loaded.encode(tf.constant(frames)).numpy(), expected) < 1e-4
