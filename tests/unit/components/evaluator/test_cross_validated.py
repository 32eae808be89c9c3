"""Metrics and rules by out-of-fold scores."""

import numpy as np
import pytest
from brightness_model import DESCRIPTION

from components.cross_validator.out_of_fold import OutOfFold
from components.evaluator.bounds import Bound
from components.evaluator.cross_validated import (
    absolute,
    check_cross_validation,
    relative,
    summarize_cross_validation,
)
from components.served_model.description import Description

DESCRIBED = Description.model_validate(DESCRIPTION)


def out_of_fold(count: int = 60) -> list[OutOfFold]:
    """Scores of three folds whose models have thresholds of their own; every other video is FAKE."""
    generator = np.random.default_rng(0)
    return [
        OutOfFold(
            video_id=f"{index}.mp4",
            uri=f"{index}.mp4",
            group_id=str(index // 2),
            label="FAKE" if index % 2 else "REAL",
            split=("train", "train", "eval", "test")[index // 2 % 4],
            fold=1 + index // 2 % 3,
            probability_fake=float(generator.uniform(0.3, 1) if index % 2 else generator.uniform(0, 0.7)),
            threshold=(0.2, 0.5, 0.8)[index // 2 % 3],
            inconclusive_band=(0.4, 0.6) if index // 2 % 3 else None,
            synthetic=False,
            facts={"codec": "vp9" if index // 2 % 2 else "h264"},
        )
        for index in range(count)
    ]


def test_each_video_is_judged_by_the_model_that_scored_it():
    scores = out_of_fold()
    summary = summarize_cross_validation(scores, 5, DESCRIBED)
    called = [score.probability_fake >= score.threshold for score in scores]
    fake = [score.label == "FAKE" for score in scores]
    right = np.mean(np.asarray(called) == np.asarray(fake))
    assert summary["metrics"]["accuracy"]["value"] == pytest.approx(right)
    unclear = np.mean([bool(each.inconclusive_band) and 0.4 <= each.probability_fake <= 0.6 for each in scores])
    assert summary["metrics"]["inconclusive_share"]["value"] == pytest.approx(unclear)
    (part,) = (part for part in summary["slices"] if part["value"] == "vp9")
    of_part = [index for index, score in enumerate(scores) if score.facts["codec"] == "vp9"]
    assert part["metrics"]["accuracy"]["value"] == pytest.approx(
        np.mean([called[index] == fake[index] for index in of_part])
    )


def test_the_summary_is_no_splits_and_says_of_how_many_videos_and_folds_it_is():
    summary = summarize_cross_validation(out_of_fold(), 5, DESCRIBED)
    assert summary["split"] == "cross_validation"
    assert summary["videos"] == {"FAKE": 30, "REAL": 30}
    assert sum(summary["splits"].values()) == sum(fold["videos"] for fold in summary["folds"]) == 60
    assert [fold["threshold"] for fold in summary["folds"]] == [0.2, 0.5, 0.8]
    assert "threshold" not in summary
    assert summary["caveats"] == []


def test_what_the_folds_could_not_repeat_is_said():
    described = DESCRIBED.model_copy(
        update={"searched": True, "trainer": {**DESCRIBED.trainer, "warm_start": "model/1"}}
    )
    first, second = summarize_cross_validation(out_of_fold(), 5, described)["caveats"]
    assert "trainer.warm_start" in first
    assert "searched" in second


def test_rules_say_that_they_are_of_the_cross_validation():
    scores = out_of_fold()
    summary = summarize_cross_validation(scores, 5, DESCRIBED)
    (rule, part) = check_cross_validation(
        scores, summary, {"auc": Bound(min=0.99)}, {"codec=vp9": {"auc": Bound(min=0.1)}}
    )
    assert (rule.split, rule.passed, rule.value) == ("cross_validation", False, summary["metrics"]["auc"]["value"])
    assert rule.message.startswith("cross-validation: auc is ")
    assert part.passed
    assert part.message.startswith("cross-validation: codec=vp9: auc is ")


def test_a_bound_is_parted_into_what_needs_a_baseline_and_what_does_not():
    bounds = {"auc": Bound(min=0.6, worse_by=0.01, on="interval"), "log_loss": Bound(max=1.0)}
    assert absolute(bounds) == {"auc": Bound(min=0.6, on="interval"), "log_loss": Bound(max=1.0)}
    assert relative(bounds) == {"auc": Bound(worse_by=0.01, on="interval")}
