import numpy as np
import pytest
from sklearn import metrics

from components.evaluator.executor import summarize
from components.evaluator.predictions import Prediction
from components.evaluator.video_metrics import estimate, video_metrics


def sample(groups: int, videos_of_group: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    group = np.repeat(np.arange(groups), videos_of_group)
    labels = np.tile(np.arange(videos_of_group) > 0, groups).astype(np.int64)
    # What is common to a group's videos is what makes them no independent witnesses.
    logits = labels + generator.normal(0, 1, groups)[group] + generator.normal(0, 0.3, len(group))
    return labels, 1 / (1 + np.exp(-logits)), group.astype(str)


def test_values_are_those_of_scikit_learn():
    labels, scores, groups = sample(20, 3, 0)
    found = {name: estimate(metric, labels, scores, groups).value for name, metric in video_metrics(0.5).items()}
    assert found["auc"] == pytest.approx(metrics.roc_auc_score(labels, scores))
    assert found["average_precision"] == pytest.approx(metrics.average_precision_score(labels, scores))
    assert found["log_loss"] == pytest.approx(metrics.log_loss(labels, scores))
    assert found["accuracy"] == pytest.approx(metrics.accuracy_score(labels, scores >= 0.5))


def test_interval_holds_the_truth_about_as_often_as_it_says():
    def mean(labels: np.ndarray, scores: np.ndarray) -> float:
        return float(scores.mean())

    truth, held, runs = 0.0, 0, 60
    for seed in range(runs):
        generator = np.random.default_rng(seed)
        groups = np.repeat(np.arange(40), 4)
        scores = generator.normal(0, 1, 40)[groups]
        found = estimate(mean, np.zeros(160, np.int64), scores, groups.astype(str))
        held += found.low <= truth <= found.high
    assert held >= 0.85 * runs


def test_groups_widen_the_interval():
    labels, scores, groups = sample(15, 6, 1)
    metric = video_metrics(0.5)["log_loss"]
    by_group = estimate(metric, labels, scores, groups)
    by_video = estimate(metric, labels, scores, np.arange(len(labels)).astype(str))
    assert by_group.high - by_group.low > by_video.high - by_video.low


def test_one_class_has_no_auc_and_says_so():
    predictions = [Prediction(f"{index}.mp4", str(index), "FAKE", 0.7, [0.7], False) for index in range(4)]
    summary = summarize(predictions, 0.5)
    assert summary["metrics"]["auc"]["value"] is None
    assert summary["metrics"]["recall"]["value"] == 1.0
    assert summary["videos"] == {"FAKE": 4, "REAL": 0}


def test_synthetic_videos_are_told():
    predictions = [Prediction("a.mp4", "a", label, 0.5, [0.5], True) for label in ("REAL", "FAKE")]
    assert summarize(predictions, 0.5)["synthetic"]
