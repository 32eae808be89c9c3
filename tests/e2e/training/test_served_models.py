"""Each architecture, exported with its calibration and served by a fresh process, agrees with the trained model."""

import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
import tensorflow_transform as tft
from encoder_sizes import FEW_FEATURES, FRAME_SIZE

from components import features
from components.served_model.encoder import load_encoder
from components.trainer.architectures import ARCHITECTURES, architecture
from components.trainer.calibration import Calibration
from components.trainer.calibration_layer import calibrate_model
from components.trainer.ensemble import average_members
from components.trainer.model import build_model
from components.trainer.settings import TrainerSettings
from components.trainer.signatures import export_served_model

pytestmark = pytest.mark.e2e

CALIBRATIONS = {
    name: Calibration("temperature", temperature=1.7, shift=0.4, clip=0.01)
    if index % 2
    else Calibration("isotonic", knots=((-3.0, 0.05), (-0.2, 0.3), (0.4, 0.7), (5.0, 0.98)), clip=0.02)
    for index, name in enumerate(ARCHITECTURES)
}
HERE = __file__.rpartition("/")[0]


@pytest.fixture(scope="module")
def models() -> dict[str, keras.Model]:
    keras.utils.set_random_seed(0)
    shape = {"frames": features.FRAMES, "feature_size": FEW_FEATURES}
    return {
        name: build_model(TrainerSettings(model=name, frame_differences=bool(index % 3)), **shape)
        for index, name in enumerate(ARCHITECTURES)
    }


@pytest.fixture(scope="module")
def inputs(transformed) -> dict[str, np.ndarray]:
    parsed = tf.io.parse_example(
        transformed.raw_eval,
        {
            features.FRAME_FEATURES: tf.io.FixedLenFeature([features.FRAMES, FEW_FEATURES], tf.float32),
            features.FRAME_MASK: tf.io.FixedLenFeature([features.FRAMES], tf.int64),
        },
    )
    size = (2, features.FRAMES, FRAME_SIZE, FRAME_SIZE, 3)
    return {
        **{name: value.numpy() for name, value in parsed.items()},
        "frames": np.random.default_rng(0).integers(0, 256, size, np.uint8),
    }


def with_something_under_the_mask(examples: list[bytes], raw: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The same videos, but padded with large numbers where the contract requires zeros."""
    padded = np.where(raw[features.FRAME_MASK][:, :, None] == 1, raw[features.FRAME_FEATURES], 1e3).astype(np.float32)
    dirty = [tf.train.Example.FromString(example) for example in examples]
    for example, values in zip(dirty, padded, strict=True):
        example.features.feature[features.FRAME_FEATURES].float_list.value[:] = values.ravel()
    serialized = np.asarray([example.SerializeToString() for example in dirty], object)
    return {**raw, features.FRAME_FEATURES: padded, "examples": serialized}


@pytest.fixture(scope="module")
def served(transformed, models, inputs, tmp_path_factory) -> dict[str, np.ndarray]:
    """The outputs of all models in a fresh process, by architecture, signature and output."""
    folder = tmp_path_factory.mktemp("served")
    transform = tft.TFTransformOutput(transformed.transform)
    for name, model in models.items():
        calibrated = calibrate_model(average_members([model]), CALIBRATIONS[name], architecture(name).FRAME_SCORE)
        export_served_model(calibrated, transform, transformed.encoder, str(folder / name))
    np.savez(folder / "inputs.npz", **with_something_under_the_mask(transformed.raw_eval, inputs))
    paths = [str(folder / name) for name in models]
    script = [sys.executable, f"{HERE}/serve_once.py", str(folder / "inputs.npz"), str(folder / "served.npz")]
    subprocess.run([*script, *paths], check=True, capture_output=True)
    return {key.removeprefix(f"{folder}/"): value for key, value in np.load(folder / "served.npz").items()}


def trained(transformed, model: keras.Model, raw: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The outputs of the trained model itself, without calibration."""
    transform = tft.TFTransformOutput(transformed.transform).transform_features_layer()
    flat = raw[features.FRAME_FEATURES].reshape(-1, features.FRAMES * FEW_FEATURES)
    values = transform(
        {features.FRAME_FEATURES: tf.constant(flat), features.FRAME_MASK: tf.constant(raw[features.FRAME_MASK])}
    )
    return model.predict_on_batch(
        {
            features.FRAME_FEATURES_XF: values[features.FRAME_FEATURES_XF],
            features.FRAME_MASK_XF: tf.cast(values[features.FRAME_MASK_XF], tf.bool),
        }
    )


def calibrated(name: str, said: dict[str, np.ndarray], mask: np.ndarray) -> dict[str, np.ndarray]:
    scores = said[features.FRAME_SCORES]
    if architecture(name).FRAME_SCORE.is_probability:
        scores = CALIBRATIONS[name](scores) * mask
    probability = CALIBRATIONS[name](said[features.PROBABILITY_FAKE])
    return {
        features.PROBABILITY_FAKE: probability,
        features.PROBABILITY_STD: np.zeros_like(probability),
        features.LOG_ODDS_FAKE: CALIBRATIONS[name].log_odds(np.asarray(said[features.LOG_ODDS_FAKE], np.float64)),
        features.FRAME_SCORES: scores,
    }


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_signatures_say_what_the_trained_model_says_calibrated_and_unpadded(transformed, models, inputs, served, name):
    expected = calibrated(name, trained(transformed, models[name], inputs), inputs[features.FRAME_MASK])
    for output, values in expected.items():
        for signature in ("serving_default", "serve_features"):
            np.testing.assert_allclose(served[f"{name}:{signature}:{output}"], values, atol=1e-5)
    np.testing.assert_allclose(served[f"{name}:tensorflow_1"], expected[features.PROBABILITY_FAKE], atol=1e-5)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_frames_are_served_like_their_features(transformed, models, inputs, served, name):
    flat = inputs["frames"].reshape(-1, *inputs["frames"].shape[2:])
    mask = inputs[features.FRAME_MASK][:2]
    encoded = load_encoder(transformed.encoder)(flat).reshape(2, features.FRAMES, -1) * mask[:, :, None]
    raw = {features.FRAME_FEATURES: encoded.astype(np.float32), features.FRAME_MASK: mask}
    expected = calibrated(name, trained(transformed, models[name], raw), mask)
    for output, values in expected.items():
        np.testing.assert_allclose(served[f"{name}:serve_frames:{output}"], values, atol=1e-5)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_masked_frames_have_the_score_zero_and_no_others(served, inputs, name):
    for signature in ("serving_default", "serve_features"):
        scores = served[f"{name}:{signature}:{features.FRAME_SCORES}"]
        np.testing.assert_array_equal(scores > 0, inputs[features.FRAME_MASK] == 1)
