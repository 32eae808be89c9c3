import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from components.metrics.decision_rule import DecisionRule
from components.metrics.names import METRICS
from components.metrics.video_metrics import measure

DECISION_RULE = DecisionRule(0.5, (0.4, 0.6))


def measured(labels, probabilities, weights=None, decision_rule=DECISION_RULE) -> dict[str, float]:
    weights = np.ones(len(labels)) if weights is None else weights
    found = measure(np.asarray(labels), np.asarray(probabilities), np.asarray(weights)[None], decision_rule)
    return {name: float(value[0]) for name, value in found.items()}


def calibration_error(labels: np.ndarray, probabilities: np.ndarray) -> float:
    bins = np.minimum(np.floor(probabilities * 10), 9)
    members = [bins == number for number in np.unique(bins)]
    gaps = [abs(probabilities[inside].mean() - labels[inside].mean()) * inside.mean() for inside in members]
    return sum(gaps)


def by_scikit_learn(labels: np.ndarray, probabilities: np.ndarray) -> dict[str, float]:
    called = probabilities >= DECISION_RULE.threshold
    fpr, tpr, _ = metrics.roc_curve(labels, probabilities, drop_intermediate=False)
    return {
        "auc": metrics.roc_auc_score(labels, probabilities),
        "average_precision": metrics.average_precision_score(labels, probabilities),
        "log_loss": metrics.log_loss(labels, np.clip(probabilities, 1e-7, 1 - 1e-7)),
        "balanced_accuracy": metrics.balanced_accuracy_score(labels, called),
        "accuracy": metrics.accuracy_score(labels, called),
        "precision": metrics.precision_score(labels, called, zero_division=np.nan),
        "recall": metrics.recall_score(labels, called),
        "expected_calibration_error": calibration_error(labels, probabilities),
        "tpr_at_1_percent_fpr": tpr[fpr <= 0.01].max(),
        "inconclusive_share": np.mean((probabilities >= 0.4) & (probabilities <= 0.6)),
    }


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_weighted_metrics_are_those_of_scikit_learn_over_repeated_videos(data):
    count = data.draw(st.integers(2, 40))
    labels = np.asarray([0, 1, *data.draw(st.lists(st.integers(0, 1), min_size=count - 2, max_size=count - 2))])
    # Few distinct values, so that there are ties, also at the threshold and at the ends of the band.
    levels = st.integers(0, 20).map(lambda level: level / 20)
    probabilities = np.asarray(data.draw(st.lists(levels, min_size=count, max_size=count)))
    times = np.asarray([1, 1, *data.draw(st.lists(st.integers(0, 3), min_size=count - 2, max_size=count - 2))])
    expected = by_scikit_learn(np.repeat(labels, times), np.repeat(probabilities, times))
    found = measured(labels, probabilities, times)
    assert set(expected) | {"equal_error_rate"} == set(METRICS) == set(found)
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, nan_ok=True), name


def test_equal_error_rate_is_where_both_errors_are_equal():
    assert measured([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])["equal_error_rate"] == 0
    assert measured([0, 0, 1, 1], [0.8, 0.9, 0.1, 0.2])["equal_error_rate"] == 1
    assert measured([0, 1, 0, 1], [0.5] * 4)["equal_error_rate"] == pytest.approx(0.5)
    # One of three REAL and one of three FAKE are on the wrong side of any threshold between 0.4 and 0.6.
    found = measured([0, 0, 0, 1, 1, 1], [0.1, 0.2, 0.7, 0.3, 0.8, 0.9])
    assert found["equal_error_rate"] == pytest.approx(1 / 3)


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1)), min_size=4, max_size=60))
@settings(max_examples=60, deadline=None)
def test_equal_error_rate_lies_on_the_roc_curve(videos):
    labels, probabilities = map(np.asarray, zip(*[(0, 0.3), (1, 0.6), *videos], strict=True))
    rate = measured(labels, probabilities)["equal_error_rate"]
    fpr, tpr, _ = metrics.roc_curve(labels, probabilities, drop_intermediate=False)
    # The curve may have vertical segments, where interpolation returns one of the ends.
    below, above = tpr[fpr <= rate + 1e-9].max(), tpr[fpr >= rate - 1e-9].min()
    assert above - 1e-9 <= 1 - rate <= below + 1e-9 or np.interp(rate, fpr, tpr) == pytest.approx(1 - rate)


def test_a_rate_that_is_met_exactly_is_allowed():
    # One of 100 REAL videos scores higher than all but the best FAKE one.
    labels = np.asarray([0] * 100 + [1] * 4)
    probabilities = np.concatenate([[0.9], np.linspace(0.01, 0.3, 99), [0.95, 0.8, 0.7, 0.1]])
    assert measured(labels, probabilities)["tpr_at_1_percent_fpr"] == 0.75
    assert measured(labels[1:], probabilities[1:])["tpr_at_1_percent_fpr"] == 0.75
    weights = np.asarray([2] + [1] * 103)
    assert measured(labels, probabilities, weights)["tpr_at_1_percent_fpr"] == 0.25


def test_one_class_has_no_curve_and_says_so():
    found = measured([1, 1, 1], [0.9, 0.2, 0.7])
    undefined = {name for name, value in found.items() if np.isnan(value)}
    assert undefined == {
        "auc",
        "average_precision",
        "equal_error_rate",
        "tpr_at_1_percent_fpr",
        "balanced_accuracy",
    }
    assert found["recall"] == pytest.approx(2 / 3)
    assert np.isnan(measured([0, 1], [0.1, 0.2])["precision"])


def test_without_a_band_nothing_is_inconclusive():
    assert measured([0, 1], [0.5, 0.5], decision_rule=DecisionRule(0.5))["inconclusive_share"] == 0
