"""Metrics of the ranking go by log odds, which tell apart what float32 probabilities do not, and all others do not."""

import dataclasses

import numpy as np
import pytest
from predicted_videos import predicted
from scipy.special import expit
from sklearn.metrics import average_precision_score, roc_auc_score

from components.cross_validator.out_of_fold import OutOfFold
from components.evaluator.comparison import ScoredModel, compare
from components.evaluator.cross_validated import summarize_cross_validation
from components.evaluator.predictions import read_predictions, write_predictions
from components.evaluator.scored_video import scores_of_videos
from components.evaluator.summary import summarize
from components.features import FAKE, REAL
from components.metrics.decision_rule import DecisionRule
from components.metrics.names import METRICS, RANKED
from components.served_model.description import Description

RULE = DecisionRule(0.5)
LABELS = np.tile([FAKE, REAL], 40)
# All round to a float32 probability of 1.
LOG_ODDS = np.random.default_rng(0).normal(np.where(LABELS == FAKE, 41, 40), 1)
PROBABILITIES = expit(LOG_ODDS).astype(np.float32)
FACTS = [{"codec": "vp9" if index < 30 else "h264"} for index in range(len(LABELS))]


def summarized(videos):
    return summarize(videos, RULE, split="test", min_slice_videos=5)


def test_figures_slices_and_intervals_rank_by_log_odds():
    assert set(PROBABILITIES) == {1.0}
    with_odds = summarized(predicted(LABELS, PROBABILITIES, facts=FACTS, log_odds=LOG_ODDS))
    without = summarized(predicted(LABELS, PROBABILITIES, facts=FACTS))
    fakes = LABELS == FAKE
    found = with_odds["metrics"]
    assert found["auc"]["value"] == pytest.approx(roc_auc_score(fakes, LOG_ODDS))
    assert found["average_precision"]["value"] == pytest.approx(average_precision_score(fakes, LOG_ODDS))
    assert found["auc"]["low"] > 0.55
    assert without["metrics"]["auc"] == {"value": 0.5, "low": 0.5, "high": 0.5}
    for part in with_odds["slices"]:
        members = np.asarray([known["codec"] == part["value"] for known in FACTS])
        assert part["metrics"]["auc"]["value"] == pytest.approx(roc_auc_score(fakes[members], LOG_ODDS[members]))
    for metric in set(METRICS) - set(RANKED):
        assert found[metric] == without["metrics"][metric]
    assert with_odds["scores"] == without["scores"]


def test_a_baseline_of_an_earlier_version_is_ranked_by_its_probabilities():
    candidate = ScoredModel(predicted(LABELS, PROBABILITIES, log_odds=LOG_ODDS), RULE)
    baseline = ScoredModel(predicted(LABELS, expit(LOG_ODDS - 41)), RULE)
    found = compare(candidate, baseline)["all"]["metrics"]["auc"]
    assert found["candidate"] == found["baseline"] == pytest.approx(roc_auc_score(LABELS == FAKE, LOG_ODDS))
    assert found["change"] == {"value": 0, "low": 0, "high": 0}


def test_videos_of_which_some_lack_log_odds_are_ranked_by_probabilities():
    videos = predicted([FAKE, REAL], [0.7, 0.2], log_odds=[3.0, 4.0])
    assert scores_of_videos(videos).ranks.tolist() == [3.0, 4.0]
    videos[1] = dataclasses.replace(videos[1], log_odds_fake=None)
    assert scores_of_videos(videos).ranks.tolist() == [0.7, 0.2]


def test_cross_validation_ranks_by_log_odds():
    scores = [
        OutOfFold(f"{index}", f"{index}", f"{index}", str(label), "test", 1, 1.0, 0.5, None, False, {}, odds)
        for index, (label, odds) in enumerate(zip(LABELS, LOG_ODDS.tolist(), strict=True))
    ]
    description = Description.model_construct(trainer={}, searched=False)
    found = summarize_cross_validation(scores, 5, description)["metrics"]["auc"]["value"]
    assert found == pytest.approx(roc_auc_score(LABELS == FAKE, LOG_ODDS))


def test_log_odds_and_spread_come_back_and_earlier_files_have_none(tmp_path):
    (video,) = predicted([FAKE], [0.9], log_odds=[2.5])
    video = dataclasses.replace(video, probability_std=0.0625)
    write_predictions(str(tmp_path), [video])
    assert read_predictions(str(tmp_path)) == [video]
    path = tmp_path / "predictions.jsonl"
    path.write_text(path.read_text().replace(', "log_odds_fake": 2.5, "probability_std": 0.0625', ""))
    assert read_predictions(str(tmp_path)) == [dataclasses.replace(video, log_odds_fake=None, probability_std=None)]
