import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from components.errors import UserError
from components.served_model.decision import DecisionSettings, choose_decision
from components.served_model.soft_clip import soft_clip

LABELS = np.asarray([0] * 10 + [1] * 10)
PROBABILITIES = np.concatenate([np.linspace(0.05, 0.95, 10), np.linspace(0.5, 0.98, 10)])


def decision(**settings):
    return choose_decision(LABELS, PROBABILITIES, DecisionSettings(**settings))


@pytest.mark.parametrize(("false_alarm", "miss", "threshold"), [(1, 1, 0.5), (9, 1, 0.9), (1, 4, 0.2)])
def test_threshold_is_where_both_verdicts_cost_the_same(false_alarm, miss, threshold):
    found = decision(false_alarm_cost=false_alarm, miss_cost=miss)
    assert found.threshold == pytest.approx(threshold)
    assert threshold * miss == pytest.approx((1 - threshold) * false_alarm)


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.25, 0.3, 0.9, 0.99])
def test_threshold_keeps_the_false_positive_rate_and_is_no_higher_than_needed(rate):
    found = decision(max_false_positive_rate=rate)
    reals = PROBABILITIES[LABELS == 0]
    assert (reals >= found.threshold).mean() <= rate
    assert found.report["on_eval"]["false_positive_rate"] == (reals >= found.threshold).mean()
    # One more real video would be one too many.
    assert (reals >= found.threshold).sum() == np.floor(rate * 10 + 1e-9)


def test_no_video_is_called_fake_where_even_the_surest_is_real():
    found = choose_decision(np.asarray([0, 1]), np.asarray([0.99, 0.99]), DecisionSettings(max_false_positive_rate=0.1))
    assert found.threshold == 1
    assert found.inconclusive_band is None


def test_band_is_around_the_threshold_by_odds():
    assert decision(inconclusive_odds_ratio=1.5).inconclusive_band == pytest.approx((0.4, 0.6))
    low, high = decision(false_alarm_cost=9, inconclusive_odds_ratio=3).inconclusive_band
    assert low < 0.9 < high
    assert (low / (1 - low) * 3, high / (1 - high) / 3) == pytest.approx((9, 9))
    # Its ends are the thresholds for costs that are off by the factor.
    assert (low, high) == pytest.approx(
        (decision(false_alarm_cost=3).threshold, decision(false_alarm_cost=27).threshold)
    )


def test_a_ratio_of_one_leaves_no_band():
    found = decision(inconclusive_odds_ratio=1)
    assert found.inconclusive_band is None
    assert found.report["on_eval"]["inconclusive"] == 0


def test_shares_are_told():
    found = decision()
    assert found.report["on_eval"] == {
        "false_positive_rate": (PROBABILITIES[:10] >= 0.5).mean(),
        "true_positive_rate": 1.0,
        "inconclusive": ((PROBABILITIES >= 0.4) & (PROBABILITIES <= 0.6)).mean(),
    }


def test_a_threshold_that_no_probability_passes_is_refused():
    with pytest.raises(ValueError, match=r"0\.995.*lower decision\.clip"):
        DecisionSettings(false_alarm_cost=199)
    assert DecisionSettings(false_alarm_cost=199, clip=0.001)


def test_a_threshold_that_calls_nothing_fake_is_told():
    labels = np.repeat([0, 1], 50)
    sure = np.clip(np.r_[np.linspace(0, 1, 50), np.linspace(0.5, 1, 50)], 0.01, 0.99)
    found = choose_decision(labels, sure, DecisionSettings(max_false_positive_rate=0.01))
    assert found.threshold == 1
    assert "no video is called fake" in found.report["warning"]
    assert "max_false_positive_rate=0.01" in found.report["warning"]
    assert decision(max_false_positive_rate=0.3).report["warning"] is None
    assert decision().report["warning"] is None


def test_a_rate_that_no_threshold_keeps_is_refused():
    labels = np.repeat([0, 1], 10)
    with pytest.raises(UserError, match=r"max_false_positive_rate=0\.1: 3 of 10 real .* decision\.clip") as told:
        choose_decision(
            labels, np.r_[np.ones(3), np.zeros(7), np.ones(10)], DecisionSettings(max_false_positive_rate=0.1)
        )
    assert "\n" not in str(told.value)


@given(
    reals=st.lists(st.floats(0, 1), min_size=1, max_size=40),
    fakes=st.lists(st.floats(0, 1), min_size=1, max_size=40),
    rate=st.floats(0.001, 0.999),
)
def test_the_rate_is_kept_by_what_is_served_in_single_precision(reals, fakes, rate):
    labels = np.repeat([0, 1], [len(reals), len(fakes)])
    probabilities = soft_clip(np.asarray(reals + fakes), 0.01)
    found = choose_decision(labels, probabilities, DecisionSettings(max_false_positive_rate=rate))
    served = probabilities[labels == 0].astype(np.float32)
    assert (served >= found.threshold).mean() <= rate + 1e-9 or found.threshold == min(probabilities)
    assert (found.threshold == 1) == (found.report["warning"] is not None)
