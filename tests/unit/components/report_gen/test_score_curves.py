import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from components.report_gen.score_curves import (
    MAX_POINTS,
    histogram,
    precision_recall_points,
    reliability,
    roc_points,
    thin,
)

SCORED = st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1)), min_size=2, max_size=60).map(
    lambda rows: (np.asarray([label for label, _ in rows]), np.asarray([score for _, score in rows]))
)


@given(SCORED)
def test_area_under_the_roc_points_is_the_auc(scored):
    labels, scores = scored
    points = roc_points(labels, scores)
    if len(set(labels.tolist())) < 2:
        assert points == []
        return
    false_rates, true_rates = zip(*points, strict=True)
    assert metrics.auc(false_rates, true_rates) == pytest.approx(metrics.roc_auc_score(labels, scores))


def test_ten_thousand_videos_make_few_points_of_the_same_area():
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 2, 10_000)
    scores = np.clip(generator.normal(0.4 + 0.2 * labels, 0.2), 0, 1)
    points = roc_points(labels, scores)
    assert len(points) == MAX_POINTS
    assert (points[0], points[-1]) == ((0, 0), (1, 1))
    false_rates, true_rates = zip(*points, strict=True)
    assert metrics.auc(false_rates, true_rates) == pytest.approx(metrics.roc_auc_score(labels, scores), abs=1e-3)
    assert len(precision_recall_points(labels, scores)) <= MAX_POINTS


@given(SCORED)
def test_recall_rises_along_the_precision_recall_points(scored):
    recalls = [recall for recall, _ in precision_recall_points(*scored)]
    assert recalls == sorted(recalls)


@given(SCORED)
def test_every_video_is_in_one_bin_whose_interval_holds_its_share(scored):
    labels, scores = scored
    bins = reliability(labels, scores)
    assert sum(one.count for one in bins) == len(labels)
    assert sum(one.count * one.share for one in bins) == pytest.approx(labels.sum())
    assert all(one.low <= one.share + 1e-9 and one.share <= one.high + 1e-9 for one in bins)


def test_interval_of_a_bin_is_wilsons():
    (one,) = reliability(np.asarray([1] * 8 + [0] * 2), np.full(10, 0.75))
    # 8 of 10, a textbook value.
    assert (one.low, one.high) == (pytest.approx(0.490, abs=1e-3), pytest.approx(0.943, abs=1e-3))


@given(SCORED, st.integers(1, 30))
def test_histogram_counts_every_video_once(scored, bins):
    labels, scores = scored
    real, fake = histogram(labels, scores, bins)
    assert (sum(real), sum(fake)) == ((labels == 0).sum(), (labels == 1).sum())
    assert len(real) == len(fake) == bins


def test_few_points_stay_as_they_are():
    assert thin([(0.0, 1.0), (1.0, 2.0)], 5) == [(0.0, 1.0), (1.0, 2.0)]
