"""The page tells what the models knew of the test split, with the figures both ways."""

import json
import pathlib

import numpy as np
import pytest
from predicted_videos import predicted

from benchmarks.report_artifacts import RunArtifacts, write_artifacts
from components.evaluator.comparison import ScoredModel
from components.evaluator.known_videos import judge, mark_known
from components.evaluator.predictions import write_predictions
from components.metrics.decision_rule import DecisionRule
from components.report_gen.rendering import make_report
from components.report_gen.scored_videos import read_scored_videos
from components.served_model.training_videos import UNKNOWN_TRAINING, list_videos

LABELS = ["REAL", "FAKE"] * 20
GROUPS = [f"group-{index // 4}" for index in range(40)]


def scored(known: range, *, told: bool = True, seed: int = 0) -> ScoredModel:
    training = list_videos([], [f"group-{number}" for number in known], "original") if told else UNKNOWN_TRAINING
    probabilities = np.random.default_rng(seed).uniform(size=40)
    found = training.find(["d"] * 40, GROUPS, "original")
    predictions = predicted(LABELS, probabilities, groups=GROUPS)
    return ScoredModel(predictions, DecisionRule(0.5), found, training.complete, training.groupings)


@pytest.fixture
def run(tmp_path) -> RunArtifacts:
    return write_artifacts(tmp_path, 30)


def evaluate(run: RunArtifacts, candidate: ScoredModel, baseline: ScoredModel | None) -> str:
    _, _, summary = judge(candidate, baseline, split="test", group_by="original", min_slice_videos=10)
    folder = pathlib.Path(run.sources.video_metrics)
    (folder / "metrics.json").write_text(json.dumps(summary))
    write_predictions(str(folder), mark_known(candidate.predictions, candidate.known))
    return " ".join(make_report(run.sources, run.settings).split())


def test_what_the_models_knew_is_told_with_both_figures(run):
    page = evaluate(run, scored(range(2)), scored(range(2, 4), seed=1))
    assert "it was trained on 8 of the 40 videos (0 the same files, 8 of training groups)" in page
    assert "What the metrics would be with the test videos that the model was trained on" in page
    assert "The baseline was trained on 8 of the 40 videos" in page
    assert "on 12 fake and 12 real videos in 6 groups, which neither was trained on" in page
    assert "and on all 20 fake and 20 real videos in 10 groups" in page
    # The curves are of the same videos as the metrics.
    assert len(read_scored_videos(run.sources.video_metrics)) == 32


def test_a_comparison_of_nothing_is_told(run):
    page = evaluate(run, scored(range(0)), scored(range(10), seed=1))
    assert "no videos of both classes are left that neither was trained on" in page


def test_models_that_do_not_tell_are_unknown(run):
    page = evaluate(run, scored(range(0), told=False), scored(range(0), told=False, seed=1))
    assert "Unknown is whether it was trained on videos of the test split" in page
    assert "Unknown is whether the baseline was trained on videos of the test split" in page


def test_an_evaluation_of_before_says_unknown(run):
    page = make_report(run.sources, run.settings)
    assert "Unknown is whether the models were trained on videos of the test split" in page
