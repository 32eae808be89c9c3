import math

import numpy as np
import pytest
from brightness_model import CARD
from hypothesis import given
from hypothesis import strategies as st

from components.evaluator.summary import SCORE_BINS, score_histogram
from components.features import FAKE, REAL
from components.metrics.decision_rule import DecisionRule
from components.metrics.wilson import wilson_interval
from components.submission_gen.verdict import Verdict, decide_verdict, ranges_in_words, share_of_fakes_in_words

BAND = DecisionRule(0.5, (0.4, 0.6))


@pytest.mark.parametrize(
    ("probability", "verdict"),
    [
        (0.0, Verdict.REAL),
        (math.nextafter(0.4, 0), Verdict.REAL),
        (0.4, Verdict.INCONCLUSIVE),
        (0.5, Verdict.INCONCLUSIVE),
        (0.6, Verdict.INCONCLUSIVE),
        (math.nextafter(0.6, 1), Verdict.FAKE),
        (1.0, Verdict.FAKE),
    ],
)
def test_both_ends_of_the_band_are_inconclusive(probability, verdict):
    assert decide_verdict(probability, BAND) is verdict


@pytest.mark.parametrize("threshold", [0.2, 0.5, 0.9])
def test_at_the_threshold_a_video_is_fake_where_there_is_no_band(threshold):
    decision_rule = DecisionRule(threshold, None)
    assert decide_verdict(threshold, decision_rule) is Verdict.FAKE
    assert decide_verdict(math.nextafter(threshold, 0), decision_rule) is Verdict.REAL
    assert ranges_in_words(decision_rule) == f"fake from {threshold:.2f} on, else real"


def test_the_test_is_told_with_count_and_interval():
    assert share_of_fakes_in_words(0.8, CARD) == (
        "of test videos scored 0.8 to 0.9, 89 % were fake (n=9, 95 % interval 57 to 98 %)"
    )
    assert share_of_fakes_in_words(1.0, CARD).startswith("of test videos scored 0.9 to 1.0, 100 % were fake (n=9,")
    empty = {"evaluation": {"scores": [{"from": 0.0, "to": 0.1, FAKE: 0, REAL: 0}]}}
    assert share_of_fakes_in_words(0.05, empty) == "no test video was scored 0.0 to 0.1"


@pytest.mark.parametrize("card", [None, {}, {"evaluation": {}}])
def test_a_model_without_counts_says_so(card):
    assert share_of_fakes_in_words(0.8, card) == "the model carries no counts of its test by score"


def test_interval_is_wilsons():
    # The textbook value for 8 of 10.
    assert wilson_interval(8, 10) == pytest.approx((0.490, 0.943), abs=1e-3)
    assert wilson_interval(0, 5)[0] == pytest.approx(0)
    assert wilson_interval(5, 5)[1] == pytest.approx(1)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), max_size=60))
def test_each_video_is_in_the_bin_that_its_score_is_looked_up_in(videos):
    labels = np.asarray([int(fake) for fake, _ in videos], np.int64)
    probabilities = np.asarray([probability for _, probability in videos])
    histogram = score_histogram(labels, probabilities)
    assert len(histogram) == SCORE_BINS
    assert sum(each[FAKE] for each in histogram) == labels.sum()
    assert sum(each[REAL] for each in histogram) == len(labels) - labels.sum()
    for _, probability in videos:
        words = share_of_fakes_in_words(probability, {"evaluation": {"scores": histogram}})
        assert words.startswith("of test videos scored ")
