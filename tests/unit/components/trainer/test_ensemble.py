"""The average of several members, and how far they are apart."""

import keras
import numpy as np
import pytest

from components.features import (
    FRAME_FEATURES_XF,
    FRAME_MASK_XF,
    FRAME_SCORES,
    FRAMES,
    LOG_ODDS_FAKE,
    PROBABILITY_FAKE,
    PROBABILITY_STD,
)
from components.trainer.architectures import architecture
from components.trainer.calibration import Calibration, mean_log_odds
from components.trainer.calibration_layer import calibrate_model
from components.trainer.ensemble import MEMBER_LOG_ODDS, average_members
from components.trainer.model import build_model
from components.trainer.settings import TrainerSettings

SIZE, VIDEOS = 8, 5
CALIBRATIONS = (
    Calibration("temperature", temperature=1.7, shift=0.4, clip=0.01),
    Calibration("isotonic", knots=((-3.0, 0.05), (-0.2, 0.3), (0.4, 0.7), (5.0, 0.98)), clip=0.02),
    Calibration("none"),
)


def members_of(name: str, count: int) -> list[keras.Model]:
    members = []
    for seed in range(count):
        keras.utils.set_random_seed(seed)
        members.append(
            build_model(TrainerSettings(model=name), frames=FRAMES, feature_size=SIZE, name=f"member_{seed}")
        )
    return members


@pytest.fixture(scope="module")
def inputs() -> dict[str, np.ndarray]:
    generator = np.random.default_rng(0)
    mask = np.arange(FRAMES)[None] < generator.integers(1, FRAMES + 1, VIDEOS)[:, None]
    return {
        FRAME_FEATURES_XF: generator.normal(size=(VIDEOS, FRAMES, SIZE)).astype(np.float32),
        FRAME_MASK_XF: mask,
    }


@pytest.mark.parametrize("name", ["frame_mean", "gru_small", "attention"])
def test_probabilities_and_scores_of_frames_are_averaged(inputs, name):
    members = members_of(name, 3)
    said = [member.predict_on_batch(inputs) for member in members]
    found = average_members(members).predict_on_batch(inputs)
    for output in (PROBABILITY_FAKE, FRAME_SCORES):
        np.testing.assert_allclose(found[output], np.mean([each[output] for each in said], axis=0), atol=1e-6)
    odds = np.concatenate([each[LOG_ODDS_FAKE] for each in said], axis=1)
    np.testing.assert_allclose(found[MEMBER_LOG_ODDS], odds, atol=1e-6)
    np.testing.assert_allclose(found[LOG_ODDS_FAKE][:, 0], mean_log_odds(odds.astype(np.float64)), atol=1e-5)
    np.testing.assert_allclose(1 / (1 + np.exp(-found[LOG_ODDS_FAKE])), found[PROBABILITY_FAKE], atol=1e-6)


def test_a_single_member_is_left_as_it_is(inputs):
    (member,) = members_of("gru_small", 1)
    said, found = member.predict_on_batch(inputs), average_members([member]).predict_on_batch(inputs)
    for output, values in said.items():
        np.testing.assert_array_equal(found[output], values)


def test_log_odds_of_a_mean_are_exact_where_probabilities_round_to_one():
    np.testing.assert_allclose(mean_log_odds(np.asarray([[50.0, 50.0], [-50.0, -50.0]])), [50, -50])
    # The mean of 1 - e^-50 and 1 - e^-60.
    np.testing.assert_allclose(mean_log_odds(np.asarray([[50.0, 60.0]])), 50 + np.log(2), rtol=1e-5)


@pytest.mark.parametrize("calibration", CALIBRATIONS, ids=lambda calibration: calibration.method)
@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_spread_is_that_of_the_calibrated_members(inputs, calibration, count):
    members = members_of("frame_statistics", count)
    of_members = [calibration(member.predict_on_batch(inputs)[PROBABILITY_FAKE]) for member in members]
    average = average_members(members)
    mean = average.predict_on_batch(inputs)
    served = calibrate_model(average, calibration, architecture("frame_statistics").FRAME_SCORE)
    found = served.predict_on_batch(inputs)
    assert found[PROBABILITY_STD].shape == (VIDEOS, 1)
    np.testing.assert_allclose(found[PROBABILITY_STD], np.std(of_members, axis=0), atol=1e-5)
    assert found[PROBABILITY_STD].any() == (count > 1)
    np.testing.assert_allclose(found[PROBABILITY_FAKE], calibration(mean[PROBABILITY_FAKE]), atol=1e-5)
    np.testing.assert_allclose(found[FRAME_SCORES], calibration(mean[FRAME_SCORES]) * inputs[FRAME_MASK_XF], atol=1e-5)
