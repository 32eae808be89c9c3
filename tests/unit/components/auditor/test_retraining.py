"""Trainings of an audit or a fold are of the run's recipe, with its members and averaged weights."""

import numpy as np
import pytest
from encoder_sizes import AUDITED_FEATURES

from components import features
from components.auditor.retraining import Recipe, Retraining
from components.metrics.scores import Scores
from components.trainer.settings import TrainerSettings

pytestmark = pytest.mark.e2e


@pytest.fixture
def scored(make_videos, labels, groups):
    """Trains with a seed and settings, and scores the test split."""
    videos = make_videos(labels, groups, 0.3 * labels)
    train, evaluation, tested = (videos.of_split(split) for split in features.SPLITS)

    def scored(seed: int, *, clip: float = 0.0, **settings: object) -> Scores:
        recipe = Recipe(
            TrainerSettings(model="frame_mean", learning_rate=3e-3, epochs=2, **settings),
            given_fakes=1.0,
            seed=seed,
            calibration="none",
            clip=clip,
        )
        retraining = Retraining(recipe, frames=features.FRAMES, feature_size=AUDITED_FEATURES)
        return retraining.score(videos, labels, train=train, evaluation=evaluation, tested=tested)

    return scored


def test_members_are_trained_with_a_seed_each_and_averaged(scored):
    alone = [scored(seed, weight_averaging=0.5).probabilities for seed in (0, 1)]
    assert np.abs(alone[0] - alone[1]).max() > 1e-3
    together = scored(0, weight_averaging=0.5, members=2)
    np.testing.assert_allclose(together.probabilities, np.mean(alone, axis=0), atol=1e-6)
    np.testing.assert_allclose(1 / (1 + np.exp(-together.ranks)), together.probabilities, atol=1e-6)


def test_averaged_weights_are_others_than_the_last(scored):
    averaged, plain = scored(0, weight_averaging=0.9).probabilities, scored(0).probabilities
    assert np.abs(averaged - plain).max() > 1e-3


def test_ranks_are_not_clipped(scored):
    clipped, whole = scored(0, clip=0.4), scored(0)
    np.testing.assert_array_equal(clipped.ranks, whole.ranks)
    assert clipped.probabilities.min() >= 0.4
