import numpy as np
import pytest
from brightness_model import DESCRIPTION
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from components.report_gen.threshold_explorer import SCALE, count, make_explorer
from components.served_model.description import Description

BAND = Description.model_validate({**DESCRIPTION, "decision": {"rule": "false positive rate"}})


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1)), min_size=1, max_size=40), st.floats(0, 1))
def test_counts_are_the_confusion_matrix(rows, threshold):
    labels, scores = (np.asarray(column) for column in zip(*rows, strict=True))
    found = count(labels, scores, threshold)
    matrix = metrics.confusion_matrix(labels, scores >= threshold, labels=[0, 1])
    assert matrix.ravel().tolist() == [
        found.true_negatives,
        found.false_positives,
        found.false_negatives,
        found.true_positives,
    ]


def test_slider_starts_at_the_models_own_settings():
    labels, scores = np.asarray([0, 0, 1, 1]), np.asarray([0.1, 0.45, 0.55, 0.9])
    explorer = make_explorer(labels, scores, 0.5, BAND)
    assert explorer.odds_ratio == pytest.approx(1.5)
    assert explorer.inconclusive == 0.5
    assert (explorer.false_alarm_cost, explorer.miss_cost) == (1, 1)
    assert explorer.scores == {"real": [SCALE // 10, 45 * SCALE // 100], "fake": [55 * SCALE // 100, 9 * SCALE // 10]}


def test_without_a_band_nothing_is_inconclusive():
    explorer = make_explorer(
        np.asarray([1]), np.asarray([0.5]), 0.5, BAND.model_copy(update={"inconclusive_band": None})
    )
    assert (explorer.odds_ratio, explorer.inconclusive) == (1, 0)
