import dataclasses
import functools

import numpy as np
import pytest
from sklearn import metrics

from components.metrics.bootstrap import RESAMPLES, estimate, estimate_all, group_weights, resample
from components.metrics.decision_rule import DecisionRule
from components.metrics.names import METRICS
from components.metrics.video_metrics import measure


def sample(groups: int, videos_of_group: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    group = np.repeat(np.arange(groups), videos_of_group)
    labels = np.tile(np.arange(videos_of_group) > 0, groups).astype(np.int64)
    # The shared effect of a group makes its videos dependent.
    logits = labels + generator.normal(0, 1, groups)[group] + generator.normal(0, 0.3, len(group))
    return labels, 1 / (1 + np.exp(-logits)), group.astype(str)


def resampled(labels, probabilities, groups) -> dict[str, np.ndarray]:
    return resample(functools.partial(measure, labels, probabilities, decision_rule=DecisionRule(0.5)), groups)


def test_resampling_by_weights_is_drawing_groups_with_all_their_videos():
    labels, probabilities, groups = sample(15, 3, 0)
    found = resampled(labels, probabilities, groups)
    names = np.unique(groups)
    drawn = np.random.default_rng(0).integers(len(names), size=(RESAMPLES, len(names)))
    for row in range(0, RESAMPLES, 50):
        index = np.concatenate([np.flatnonzero(groups == names[number]) for number in drawn[row]])
        assert found["auc"][row] == pytest.approx(metrics.roc_auc_score(labels[index], probabilities[index]))
        assert found["log_loss"][row] == pytest.approx(metrics.log_loss(labels[index], probabilities[index]))


def test_with_one_group_a_video_it_is_the_ordinary_bootstrap():
    labels, probabilities, _ = sample(20, 2, 1)
    found = resampled(labels, probabilities, np.arange(40))
    drawn = np.random.default_rng(0).integers(40, size=(RESAMPLES, 40))
    accuracy = ((probabilities >= 0.5) == labels)[drawn].mean(axis=1)
    np.testing.assert_allclose(found["accuracy"], accuracy)


def test_many_videos_are_drawn_block_by_block():
    many = np.arange(3000)
    blocks = list(group_weights(many))
    assert len(blocks) > 1
    assert sum(map(len, blocks)) == RESAMPLES
    assert all((block.sum(axis=1) == len(many)).all() for block in blocks)


@pytest.mark.e2e
@pytest.mark.parametrize(("metric", "truth"), [("auc", 0.7602), ("accuracy", 0.6915)])
def test_interval_holds_the_truth_about_as_often_as_it_says(metric, truth):
    # The four videos of a group have the same score; FAKE lies one standard deviation above REAL.
    held, runs = 0, 150
    for seed in range(runs):
        generator = np.random.default_rng(seed)
        group_labels = np.arange(60) % 2
        logits = group_labels - 0.5 + generator.normal(0, 1, 60)
        groups = np.repeat(np.arange(60), 4)
        found = resampled(group_labels[groups], (1 / (1 + np.exp(-logits)))[groups], groups)
        interval = estimate(truth, found[metric])
        held += interval.low <= truth <= interval.high
    assert 0.89 * runs <= held <= 0.99 * runs


def test_groups_widen_the_interval():
    labels, probabilities, groups = sample(15, 6, 1)
    by_group, by_video = (
        estimate(0.0, resampled(labels, probabilities, those)["log_loss"]) for those in (groups, np.arange(len(labels)))
    )
    assert by_group.high - by_group.low > by_video.high - by_video.low


def test_undefined_resamples_are_left_out_of_the_interval():
    found = estimate(0.5, np.asarray([np.nan, 0.2, 0.2, 0.2]))
    assert (found.low, found.high) == (0.2, 0.2)
    assert np.isnan(estimate(np.nan, np.full(3, np.nan)).low)


def test_of_no_video_nothing_is_defined_and_nothing_breaks():
    nothing = np.asarray([])
    assert sum(weights.shape[0] for weights in group_weights(nothing)) == RESAMPLES
    labels = nothing.astype(np.int64)
    found = estimate_all(lambda weights: measure(labels, nothing, weights, DecisionRule(0.5)), nothing)
    assert set(found) == set(METRICS)
    assert all(np.isnan(dataclasses.astuple(estimate)).all() for estimate in found.values())
