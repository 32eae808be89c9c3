"""What is read of the outputs of a serving signature, of a model of today and of one of an earlier version."""

import numpy as np
import pytest
import tensorflow as tf

from components import features
from components.served_model.scored import scored_videos, scores_of_all

EARLIER = {
    features.PROBABILITY_FAKE: np.asarray([[0.25], [0.75]], np.float32),
    features.FRAME_SCORES: np.asarray([[0.5, 0.0], [0.5, 1.0]], np.float32),
}
TODAY = {
    **EARLIER,
    features.PROBABILITY_STD: np.asarray([[0.125], [0.0]], np.float32),
    features.LOG_ODDS_FAKE: np.asarray([[-1.5], [1.5]], np.float32),
}


@pytest.mark.parametrize("kind", [np.asarray, tf.constant])
def test_each_video_has_what_the_model_says_of_it(kind):
    first, second = scored_videos({name: kind(values) for name, values in TODAY.items()})
    assert (first.probability, first.probability_std, first.log_odds) == (0.25, 0.125, -1.5)
    assert (second.probability, second.probability_std, second.log_odds) == (0.75, 0.0, 1.5)
    assert first.frame_scores.tolist() == [0.5, 0.0]


def test_an_earlier_model_tells_neither_spread_nor_log_odds():
    assert [(each.probability, each.probability_std, each.log_odds) for each in scored_videos(EARLIER)] == [
        (0.25, None, None),
        (0.75, None, None),
    ]


def test_videos_are_ranked_by_log_odds_or_else_by_probabilities():
    for outputs, ranks in ((TODAY, [-1.5, 1.5]), (EARLIER, [0.25, 0.75])):
        scores = scores_of_all(outputs)
        assert (scores.probabilities.tolist(), scores.ranks.tolist()) == ([0.25, 0.75], ranks)
