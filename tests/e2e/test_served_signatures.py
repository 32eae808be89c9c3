"""The outputs of each signature of the pushed model."""

import numpy as np
import pytest
import tensorflow as tf
from encoder_sizes import SMALL_FEATURE_SIZE

from components import features
from components.served_model.description import read_model_description
from components.served_model.encoder import load_encoder
from components.serving_validator.calls import CLIP_TOLERANCES

pytestmark = pytest.mark.e2e


def test_all_signatures_agree(model_path, test_examples):
    model = tf.saved_model.load(model_path)
    expected = model.signatures["serving_default"](tf.constant(test_examples[:4]))
    frame_features, mask = decoded(test_examples[:4])
    served = model.signatures["serve_features"](frame_features=frame_features, frame_mask=mask)
    assert set(served) == set(expected) == set(features.SERVED_OUTPUTS)
    for name in features.SERVED_OUTPUTS:
        np.testing.assert_allclose(served[name], expected[name], atol=1e-4 if name == features.LOG_ODDS_FAKE else 1e-5)
        assert expected[name].dtype == tf.float32
        assert expected[name].shape == (4, features.FRAMES if name == features.FRAME_SCORES else 1)
    # A single member agrees with itself.
    assert not np.any(expected[features.PROBABILITY_STD])


def test_frames_are_served_like_their_features(model_path):
    model = tf.saved_model.load(model_path)
    frames = np.random.default_rng(0).integers(0, 256, (1, features.FRAMES, 224, 224, 3), np.uint8)
    mask = (np.arange(features.FRAMES) < 12).astype(np.int64)[None]
    whole = model.signatures["serve_frames"](frames=tf.constant(frames), frame_mask=tf.constant(mask))
    frames[:, 12:] = 0
    cut = model.signatures["serve_frames"](frames=tf.constant(frames), frame_mask=tf.constant(mask))
    np.testing.assert_allclose(whole[features.PROBABILITY_FAKE], cut[features.PROBABILITY_FAKE], atol=1e-6)


def test_model_is_its_own_encoder(model_path):
    model = tf.saved_model.load(model_path)
    frames = np.random.default_rng(1).integers(0, 256, (1, features.FRAMES, 224, 224, 3), np.uint8)
    mask = np.ones((1, features.FRAMES), np.int64)
    expected = model.signatures["serve_frames"](frames=tf.constant(frames), frame_mask=tf.constant(mask))
    encoded = load_encoder(model_path)(frames[0])
    assert encoded.shape == (features.FRAMES, SMALL_FEATURE_SIZE)
    served = model.signatures["serve_features"](frame_features=tf.constant(encoded[None]), frame_mask=tf.constant(mask))
    np.testing.assert_allclose(
        served[features.PROBABILITY_FAKE],
        expected[features.PROBABILITY_FAKE],
        atol=CLIP_TOLERANCES[read_model_description(model_path).encoder.precision],
    )


def test_masked_is_the_same_as_truncated_in_the_served_model(model_path, test_examples):
    model = tf.saved_model.load(model_path)
    frame_features, _ = decoded(test_examples[:2])
    full = model.signatures["serve_features"](
        frame_features=frame_features, frame_mask=tf.ones((2, features.FRAMES), tf.int64)
    )
    for frames in (1, 7, 20):
        mask = np.tile(np.arange(features.FRAMES) < frames, (2, 1)).astype(np.int64)
        dirty = np.where(mask[:, :, None], frame_features, 1e3).astype(np.float32)
        served = model.signatures["serve_features"](frame_features=tf.constant(dirty), frame_mask=tf.constant(mask))
        # The running score after a frame is the verdict on the video that ends there.
        np.testing.assert_allclose(
            served[features.PROBABILITY_FAKE][:, 0], full[features.FRAME_SCORES][:, frames - 1], atol=1e-5
        )


def test_unlabelled_examples_are_served(model_path, test_examples):
    example = tf.train.Example.FromString(test_examples[0])
    del example.features.feature[features.LABEL]
    model = tf.saved_model.load(model_path)
    expected = model.signatures["serving_default"](tf.constant(test_examples[:1]))
    served = model.signatures["serving_default"](tf.constant([example.SerializeToString()]))
    np.testing.assert_array_equal(served[features.PROBABILITY_FAKE], expected[features.PROBABILITY_FAKE])


def test_tensorflow_1_loader_opens_the_model(model_path, test_examples):
    expected = tf.saved_model.load(model_path).signatures["serving_default"](tf.constant(test_examples[:2]))
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        loaded = tf.compat.v1.saved_model.load(session, ["serve"], model_path)
        signature = loaded.signature_def["serving_default"]
        served = session.run(
            signature.outputs[features.PROBABILITY_FAKE].name,
            {signature.inputs["examples"].name: test_examples[:2]},
        )
    np.testing.assert_allclose(served, expected[features.PROBABILITY_FAKE], atol=1e-6)


def decoded(records: list[bytes]) -> tuple[tf.Tensor, tf.Tensor]:
    parsed = tf.io.parse_example(
        records,
        {
            features.FRAME_FEATURES: tf.io.FixedLenFeature([features.FRAMES, SMALL_FEATURE_SIZE], tf.float32),
            features.FRAME_MASK: tf.io.FixedLenFeature([features.FRAMES], tf.int64),
        },
    )
    return parsed[features.FRAME_FEATURES], parsed[features.FRAME_MASK]
