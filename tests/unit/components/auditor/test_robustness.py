"""The robustness audit: what a distortion takes from the ranking, and what it only shifts."""

import numpy as np
import pytest

from components.auditor.robustness import CONDITIONS, METRICS, audit_robustness
from components.errors import UserError
from components.metrics.decision_rule import DecisionRule
from components.metrics.scores import Scores

RULE = DecisionRule(0.5, None)
STRONG = "H.264 with CRF 42"


@pytest.fixture
def tested(make_videos, labels, groups):
    clean = np.where(labels == 1, 0.9, 0.1) + np.linspace(-0.01, 0.01, len(labels))
    return make_videos(labels, groups, 0.0 * labels, scores=Scores(clean, clean))


def by_name(audit):
    return {measurement.name: measurement for measurement in audit.measurements}


def test_the_distortion_that_costs_the_ranking_is_named_and_others_change_nothing(tested):
    def rescore(indices, distortion):
        if distortion == CONDITIONS[STRONG]:
            indices = np.random.default_rng(0).permutation(indices)
        return tested.scores.of(indices)

    audit = audit_robustness(tested, rescore, RULE, limit=1000, seed=0)
    found = by_name(audit)
    # Each metric once as it is, and in each condition itself and its change.
    assert len(found) == len(audit.measurements) == len(METRICS) * (1 + 2 * len(CONDITIONS))
    assert found["auc, as they are"].value == 1
    assert found[f"auc, {STRONG}"].value < 0.9
    assert STRONG in audit.headline
    changes = {name: found[f"auc, {name}, change"] for name in CONDITIONS}
    assert [name for name, change in changes.items() if change.value != 0] == [STRONG]
    assert all(change.low == change.high == 0 for name, change in changes.items() if name != STRONG)
    assert "augment.recompressed" in audit.warning


def test_a_shift_costs_the_verdicts_and_not_the_ranking(tested):
    def rescore(indices, _):
        clean = tested.scores.of(indices)
        return Scores(clean.probabilities - 0.45, clean.ranks)

    audit = audit_robustness(tested, rescore, RULE, limit=1000, seed=0)
    found = by_name(audit)
    for name in CONDITIONS:
        assert found[f"auc, {name}, change"].value == 0
        assert found[f"balanced_accuracy, {name}, change"].value == pytest.approx(-0.5)
        assert found[f"expected_calibration_error, {name}, change"].value > 0
    assert audit.warning is None


def test_videos_that_cannot_be_used_are_left_out_of_their_condition_and_counted(tested):
    def rescore(indices, distortion):
        scores = tested.scores.of(indices)
        if distortion.crop:
            scores.probabilities[:2] = np.nan
        return scores

    audit = audit_robustness(tested, rescore, RULE, limit=1000, seed=0)
    (remark,) = audit.remarks
    assert remark.startswith("a tenth cut off each edge: 2 of ")
    count = len(tested.of_split("test"))
    assert by_name(audit)["auc, a tenth cut off each edge"].count == count - 2
    assert by_name(audit)["auc, half size"].count == count


def test_without_files_or_a_class_nothing_is_measured_and_it_is_said(tested):
    def unusable(indices, _):
        return Scores(np.full(len(indices), np.nan), np.full(len(indices), np.nan))

    def as_they_are(indices, _):
        return tested.scores.of(indices)

    for rescore, limit, words in (
        (unusable, 1000, "none of the test videos can be read again"),
        (as_they_are, 3, "of 3 videos (audits.robustness_videos), those drawn are of one class"),
    ):
        audit = audit_robustness(tested, rescore, RULE, limit=limit, seed=0)
        assert audit.measurements == []
        assert audit.warning.startswith(words)
    with pytest.raises(UserError, match=r"audits\.robustness_videos=1: .*--robustness-videos 3"):
        audit_robustness(tested, as_they_are, RULE, limit=1, seed=0)
