"""Test videos that a model was trained on: counted, left out of what compares it, and the figure told both ways."""

import dataclasses

import numpy as np
import pytest
from predicted_videos import predicted
from sklearn.metrics import log_loss, roc_auc_score

from components.errors import UserError
from components.evaluator.bounds import Bound
from components.evaluator.comparison import ScoredModel
from components.evaluator.gate import Rule, check_bounds
from components.evaluator.known_videos import judge, mark_known
from components.metrics.decision_rule import DecisionRule
from components.served_model.training_videos import UNKNOWN_TRAINING, TrainingVideos, list_videos

LABELS = np.asarray(["REAL", "FAKE"] * 60)
GROUPS = [f"group-{index // 4}" for index in range(120)]
FACTS = [{"codec": "vp9" if index % 8 < 2 else "h264"} for index in range(120)]
VP9 = np.asarray([facts["codec"] == "vp9" for facts in FACTS])
DIGESTS = [f"{index:064x}" for index in range(120)]
NOTHING = list_videos([], [], "original")


def model(separation: float, training: TrainingVideos = NOTHING, *, seed: int = 0) -> ScoredModel:
    noise = np.random.default_rng(seed).normal(0, 1, len(LABELS))
    probabilities = 1 / (1 + np.exp(-noise - separation * ((LABELS == "FAKE") - 0.5)))
    predictions = [
        dataclasses.replace(prediction, content_digest=digest)
        for prediction, digest in zip(
            predicted(LABELS, probabilities, facts=FACTS, groups=GROUPS), DIGESTS, strict=True
        )
    ]
    known = training.find(DIGESTS, GROUPS, "original")
    return ScoredModel(predictions, DecisionRule(0.5), known, training.complete, training.groupings)


def judged(candidate: ScoredModel, baseline: ScoredModel | None = None, **bounds: dict) -> tuple[dict, list[Rule]]:
    ours, theirs, summary = judge(candidate, baseline, split="test", group_by="original", min_slice_videos=10)
    on_slices = bounds.pop("slices", {})
    return summary, check_bounds(ours, theirs, summary, bounds, on_slices)


def auc(scored: ScoredModel, members: np.ndarray) -> float:
    probabilities = np.asarray([prediction.probability_fake for prediction in scored.predictions])
    return roc_auc_score((LABELS == "FAKE")[members], probabilities[members])


def of_groups(*numbers: int) -> np.ndarray:
    return np.isin(GROUPS, [f"group-{number}" for number in numbers])


def training_on(*, digests: range = range(0), groups: range = range(0), group_by: str = "original") -> TrainingVideos:
    return list_videos([DIGESTS[index] for index in digests], [f"group-{index}" for index in groups], group_by)


def test_a_baseline_that_knows_test_videos_is_compared_on_those_that_neither_knows():
    # One file of group 0 is known, and group 20 by its name.
    baseline = model(3.0, training_on(digests=range(1), groups=range(20, 21)), seed=1)
    candidate = model(1.5)
    summary, (rule,) = judged(candidate, baseline, auc=Bound(worse_by=0.0))
    unknown = ~of_groups(0, 20)
    change = auc(candidate, unknown) - auc(baseline, unknown)
    assert rule.value == pytest.approx(change)
    assert "on 112 videos, as the baseline was trained on 8 of the 120 videos" in rule.message
    assert summary["known"]["baseline"] == {"digest": 1, "group": 7, "unknown": 0, "complete": True}
    left, on_all = summary["comparison"]["unknown_to_both"], summary["comparison"]["all"]
    assert (left["videos"], on_all["videos"]) == ({"FAKE": 56, "REAL": 56}, {"FAKE": 60, "REAL": 60})
    assert left["metrics"]["auc"]["candidate"] == pytest.approx(auc(candidate, unknown))
    assert left["metrics"]["auc"]["baseline"] == pytest.approx(auc(baseline, unknown))
    assert left["metrics"]["auc"]["change"]["value"] == pytest.approx(change)
    everything = np.ones(120, bool)
    assert on_all["metrics"]["auc"]["change"]["value"] == pytest.approx(
        auc(candidate, everything) - auc(baseline, everything)
    )
    (remark,) = summary["remarks"]
    assert remark.startswith(
        "the baseline was trained on 8 of the 120 videos (1 the same files, 7 of training groups) of the test split: "
        f"on the 112 that neither model knows the AUC changed by {change:+.3f} against it, and on all by "
    )


def test_the_candidate_is_judged_without_what_it_inherited_and_told_both_ways():
    candidate = model(1.5, training_on(groups=range(5)))
    summary, (rule,) = judged(candidate, auc=Bound(min=0.5))
    unknown = ~of_groups(*range(5))
    assert summary["videos"] == {"FAKE": 50, "REAL": 50}
    assert summary["metrics"]["auc"]["value"] == rule.value == pytest.approx(auc(candidate, unknown))
    probabilities = np.asarray([prediction.probability_fake for prediction in candidate.predictions])
    assert summary["metrics"]["log_loss"]["value"] == pytest.approx(
        log_loss((LABELS == "FAKE")[unknown], probabilities[unknown]), abs=1e-6
    )
    assert summary["metrics_with_known"]["auc"]["value"] == pytest.approx(auc(candidate, np.ones(120, bool)))
    (remark,) = summary["remarks"]
    assert "trained on 20 of the 120 videos (0 the same files, 20 of training groups)" in remark
    assert f"the AUC is {auc(candidate, unknown):.3f} without them" in remark
    marks = [prediction.known for prediction in mark_known(candidate.predictions, candidate.known)]
    assert marks == ["group"] * 20 + ["no"] * 100


def test_what_either_knows_is_left_out_of_the_comparison():
    candidate, baseline = model(1.5, training_on(groups=range(2))), model(1.0, training_on(groups=range(1, 3)), seed=1)
    summary, (rule,) = judged(candidate, baseline, auc=Bound(worse_by=0.0))
    unknown = ~of_groups(0, 1, 2)
    assert rule.value == pytest.approx(auc(candidate, unknown) - auc(baseline, unknown))
    assert summary["comparison"]["unknown_to_both"]["videos"] == {"FAKE": 54, "REAL": 54}
    assert len(summary["remarks"]) == 2


@pytest.mark.parametrize("digests", [range(120), range(0, 120, 1)])
def test_a_comparison_in_which_nothing_is_left_is_refused(digests):
    summary, rules = judged(
        model(3.0), model(0.5, training_on(digests=digests)), auc=Bound(min=0.5, worse_by=0.5), log_loss=Bound(max=9)
    )
    outcomes = {(rule.metric, rule.rule): rule for rule in rules}
    assert outcomes["auc", "min"].passed
    assert outcomes["log_loss", "max"].passed
    refused = outcomes["auc", "worse_by"]
    assert (refused.passed, refused.value) == (False, None)
    assert refused.message == (
        "auc: the baseline was trained on 120 of the 120 videos, none is left to compare on; add test videos, or name "
        "another baseline"
    )
    assert summary["comparison"]["unknown_to_both"] is None
    assert "so they are not compared" in summary["remarks"][0]


def test_one_class_that_is_left_is_no_comparison():
    # Groups are by file here, or all others would be known, too.
    reals = list_videos([DIGESTS[index] for index in range(0, 120, 2)], [], "folder")
    baseline = model(0.5, reals)
    alone = dataclasses.replace(baseline, known=reals.find(DIGESTS, [""] * 120, ""))
    _, (rule,) = judged(model(3.0), alone, auc=Bound(worse_by=0.5))
    assert (rule.passed, rule.value) == (False, None)
    assert "trained on 60 of the 120 videos, those left are of one class" in rule.message


def test_a_candidate_of_which_nothing_is_left_cannot_be_judged():
    with pytest.raises(UserError, match="cannot be judged: with the one that it was warm-started from it was trained"):
        judged(model(1.5, training_on(groups=range(30))))


def test_slices_are_compared_on_what_is_left_of_them():
    vp9 = np.flatnonzero(VP9)
    bounds = {"codec": {"auc": Bound(worse_by=1.0)}}

    def outcomes(known: np.ndarray) -> dict[str, Rule]:
        training = list_videos([DIGESTS[index] for index in known], [], "folder")
        baseline = model(1.0, training, seed=1)
        baseline = dataclasses.replace(baseline, known=training.find(DIGESTS, [""] * 120, ""))
        return {rule.slice: rule for rule in judged(model(1.5), baseline, slices=bounds)[1]}

    few = outcomes(vp9[:4])["codec=vp9"]
    assert few.passed
    assert "on 26 videos, as the baseline was trained on 4 of the 30 videos" in few.message
    most = outcomes(vp9[:-4])["codec=vp9"]
    assert (most.passed, most.value) == (True, None)
    assert "not judged" in most.message
    every = outcomes(vp9)
    assert (every["codec=vp9"].passed, every["codec=vp9"].value) == (False, None)
    assert every["codec=h264"].passed


def test_a_model_of_before_is_compared_on_everything_and_says_unknown():
    summary, (rule,) = judged(model(1.5), model(1.0, UNKNOWN_TRAINING, seed=1), auc=Bound(worse_by=0.5))
    assert rule.value == summary["comparison"]["all"]["metrics"]["auc"]["change"]["value"]
    assert summary["known"]["baseline"] == {"digest": 0, "group": 0, "unknown": 120, "complete": False}
    assert [remark.split(":")[0] for remark in summary["remarks"]] == [
        "unknown is whether the baseline was trained on videos of the test split"
    ]
    summary, _ = judged(model(1.5, training_on(groups=range(1)).together_with(UNKNOWN_TRAINING)))
    assert [remark.split(":")[0] for remark in summary["remarks"][1:]] == [
        "unknown is whether it was trained on videos of the test split"
    ]


def test_groups_of_another_kind_are_told():
    summary, _ = judged(model(1.5), model(1.0, training_on(groups=range(5), group_by="folder"), seed=1))
    assert summary["known"]["baseline"]["group"] == 0
    assert summary["remarks"] == [
        "the baseline's videos were grouped by folder, these by original: told is only whether it was trained on the "
        "same files"
    ]


def test_models_that_know_nothing_are_compared_as_ever():
    summary, _ = judged(model(1.5), model(1.0, seed=1))
    assert summary["remarks"] == []
    assert summary["metrics_with_known"] is None
    assert summary["comparison"]["all"] == summary["comparison"]["unknown_to_both"]
