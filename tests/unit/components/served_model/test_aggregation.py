"""The score of a video of many clips keeps the share of false alarms of a single clip."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.metrics.wilson import wilson_interval
from components.served_model.aggregation import Aggregation, score_video
from components.served_model.real_clips import FEWEST, RealClips, describe_real_clips
from components.served_model.scored import Scored

LOG_ODDS = st.floats(-30, 30)
PROMISED = 0.1
DRAWN = {
    "logistic": lambda random, size: random.logistic(-2, 1.5, size),
    "laplace": lambda random, size: random.laplace(-3, 1, size),
    "normal": lambda random, size: random.normal(-2, 2, size),
}


def described(values) -> RealClips:
    found = describe_real_clips(np.asarray(values))
    assert found is not None
    return found


def false_alarms(draw, rule: str, clips: int, *, eval_videos: int, videos: int = 1000) -> int:
    """How many real videos, each scored by a model of its own, are above what a tenth of its single clips exceeds."""
    random = np.random.default_rng(clips)
    alarms = 0
    for _ in range(videos):
        aggregation = Aggregation(rule=rule, real_clips=described(draw(random, eval_videos)))
        threshold = float(aggregation.real_clips.from_log_cdf(np.log1p(-PROMISED)))
        alarms += aggregation.log_odds(draw(random, clips)) >= threshold
    return int(alarms)


@pytest.mark.parametrize("clips", [1, 10, 700])
@pytest.mark.parametrize("eval_videos", [30, 300])
@pytest.mark.parametrize("name", DRAWN)
def test_real_videos_raise_no_more_false_alarms_than_single_clips(name, eval_videos, clips):
    low, high = wilson_interval(false_alarms(DRAWN[name], "largest", clips, eval_videos=eval_videos), 1000)
    assert low <= PROMISED
    # Tails lighter than an exponential one, and few videos to tell the tail from, make it err on the safe side.
    if name != "normal" and eval_videos > 100:
        assert high >= PROMISED / 2


@pytest.mark.parametrize("rule", ["mean", "top3"])
@pytest.mark.parametrize("clips", [1, 2, 10, 700])
def test_the_other_rules_keep_the_promise_too(rule, clips):
    alarms = false_alarms(DRAWN["logistic"], rule, clips, eval_videos=300, videos=200)
    assert wilson_interval(alarms, 200)[0] <= PROMISED


def test_without_it_nearly_every_long_video_would_be_called_fake():
    random = np.random.default_rng(0)
    threshold = np.quantile(DRAWN["normal"](random, 100_000), 0.9)
    assert np.mean([DRAWN["normal"](random, 700).max() >= threshold for _ in range(200)]) > 0.99


@given(st.lists(LOG_ODDS, min_size=FEWEST, max_size=200), st.lists(LOG_ODDS, min_size=2, max_size=20))
def test_distribution_and_inverse_agree(real, asked):
    real_clips = described(real)
    ordered = np.sort(asked)
    shares = real_clips.log_cdf(ordered)
    assert (np.diff(shares) >= -1e-12).all()
    np.testing.assert_allclose(real_clips.from_log_cdf(shares), ordered, rtol=1e-6, atol=1e-6)
    assert RealClips.model_validate_json(real_clips.model_dump_json()) == real_clips


@given(st.lists(LOG_ODDS, min_size=FEWEST, max_size=60), st.lists(LOG_ODDS, min_size=1, max_size=30), LOG_ODDS)
@pytest.mark.parametrize("rule", ["largest", "mean", "top3"])
def test_a_higher_clip_never_lowers_a_video_and_more_clips_weaken_the_largest(rule, real, clips, more):
    aggregation = Aggregation(rule=rule, real_clips=described(real))
    raised = np.asarray(clips)
    raised[0] = max(raised[0], more)
    before = aggregation.log_odds(np.asarray(clips))
    assert aggregation.log_odds(raised) >= before - 1e-9
    if rule == "largest":
        assert before <= max(clips) + 1e-9
        assert aggregation.log_odds(np.asarray([*clips, min(clips)])) <= before + 1e-9


@given(LOG_ODDS, st.sampled_from(["largest", "mean", "top3"]))
def test_a_single_clip_is_scored_as_the_model_says(log_odds, rule):
    probability = 1 / (1 + np.exp(-log_odds))
    clip = Scored(probability, np.asarray([probability]), 0.1, log_odds)
    assert score_video([clip], Aggregation(rule=rule), clip=0.01) == (clip, 0)
    assert Aggregation(rule=rule).log_odds(np.asarray([log_odds])) == log_odds


def test_the_probability_of_a_video_is_kept_from_the_ends_as_that_of_a_clip():
    aggregation = Aggregation(real_clips=described(np.linspace(-3, 3, 50)))
    clips = [Scored(0.99, np.asarray([0.9]), 0.1, odds) for odds in (40.0, 41.0)]
    video, worst = score_video(clips, aggregation, clip=0.01)
    assert 0.98 < video.probability <= 0.99
    assert worst == 0, "the first of those with the highest probability"


def test_too_few_real_clips_tell_nothing():
    assert describe_real_clips(np.zeros(FEWEST - 1)) is None
    assert not Aggregation(real_clips=None).is_possible
    assert Aggregation(rule="mean", real_clips=None).is_possible


def test_clips_that_are_all_scored_alike_have_a_distribution():
    real_clips = described(np.zeros(20))
    assert np.isfinite(Aggregation(real_clips=real_clips).log_odds(np.asarray([0.0, 1.0, -1.0])))
