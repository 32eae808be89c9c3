"""What the gate accepts, what it rejects, and its messages."""

import json

import numpy as np
import pytest
from predicted_videos import predicted

from components.errors import UserError
from components.evaluator.bounds import (
    Bound,
    bounds_from_json,
    bounds_to_json,
    slice_bounds_from_json,
    slice_bounds_to_json,
)
from components.evaluator.comparison import ScoredModel
from components.evaluator.gate import Rule, check_bounds
from components.evaluator.summary import summarize
from components.metrics.decision_rule import DecisionRule

LABELS = np.asarray(["REAL", "FAKE"] * 60)
FAKES = LABELS == "FAKE"
# Every fourth pair has another codec.
FACTS = [{"codec": "vp9" if index % 8 < 2 else "h264", "meta/family": "x"} for index in range(120)]
VP9 = np.asarray([known["codec"] == "vp9" for known in FACTS])


def model(separation: float | np.ndarray, *, seed: int = 0, labels=LABELS, facts=FACTS) -> ScoredModel:
    """Its log odds of FAKE videos lie `separation` standard deviations above those of REAL ones."""
    noise = np.random.default_rng(seed).normal(0, 1, len(labels))
    logits = noise + separation * ((labels == "FAKE") - 0.5)
    return ScoredModel(predicted(labels, 1 / (1 + np.exp(-logits)), facts=facts), DecisionRule(0.5))


def rules_of(candidate: ScoredModel, baseline: ScoredModel | None = None, bounds=None, slice_bounds=None) -> list[Rule]:
    summary = summarize(candidate.predictions, candidate.decision_rule, split="test", min_slice_videos=10)
    return check_bounds(candidate, baseline, summary, bounds or {}, slice_bounds or {})


def test_model_better_on_average_and_broken_on_one_slice_is_refused_by_a_slice_rule():
    baseline, candidate = model(1.5), model(np.where(VP9, 0.0, 3.0))
    bounds = {"auc": Bound(min=0.7, worse_by=0.0)}
    average, change, h264, vp9 = rules_of(candidate, baseline, bounds, {"codec": {"auc": Bound(min=0.7)}})
    assert (average.passed, change.passed, h264.passed, vp9.passed) == (True, True, True, False)
    assert change.value > 0
    assert (vp9.slice, vp9.rule, vp9.on, vp9.bound) == ("codec=vp9", "min", "value", 0.7)
    assert vp9.message == f"codec=vp9: auc is {vp9.value:.3f}, must be at least 0.7"
    # It is also rejected by a bound on the change of the slice.
    *_, vp9 = rules_of(candidate, baseline, bounds, {"codec=vp9": {"auc": Bound(worse_by=0.1)}})
    assert not vp9.passed
    assert vp9.message == f"codec=vp9: auc changed by {vp9.value:+.3f} against the baseline, must be at least -0.1"


def test_model_better_by_luck_is_refused_on_the_lower_end_of_the_interval():
    baseline, candidate = model(1.5, seed=1), model(1.55, seed=0)
    (on_value,) = rules_of(candidate, baseline, {"auc": Bound(worse_by=0.0)})
    assert on_value.passed
    assert on_value.value > 0
    (on_interval,) = rules_of(candidate, baseline, {"auc": Bound(worse_by=0.0, on="interval")})
    assert (on_interval.on, on_interval.passed) == ("low", False)
    assert on_interval.value < 0
    assert on_interval.message.startswith(f"auc changed by {on_value.value:+.3f} ({on_interval.value:+.3f} to ")
    assert on_interval.message.endswith(" against the baseline, the lower end must be at least +0")


def test_change_is_the_paired_one_of_the_same_resampled_groups():
    # The models share their noise: each alone is uncertain, the difference hardly is.
    (rule,) = rules_of(model(1.6), model(1.4), {"auc": Bound(worse_by=0.0, on="interval")})
    assert rule.passed
    summary = summarize(model(1.6).predictions, DecisionRule(0.5), split="test", min_slice_videos=10)["metrics"]["auc"]
    assert summary["high"] - summary["low"] > 0.1


def test_absolute_rules_take_the_end_that_speaks_against_the_model():
    bounds = {
        "auc": Bound(min=0.8, on="interval"),
        "log_loss": Bound(max=0.6, on="interval"),
        "accuracy": Bound(min=0.5, max=1.0),
    }
    rules = rules_of(model(1.6), None, bounds)
    assert [(rule.rule, rule.on) for rule in rules] == [
        ("min", "low"),
        ("max", "high"),
        ("min", "value"),
        ("max", "value"),
    ]
    for rule in rules:
        assert rule.passed == (rule.value >= rule.bound if rule.rule == "min" else rule.value <= rule.bound)
    assert "the lower end must be at least 0.8" in rules[0].message
    assert "the upper end must be at most 0.6" in rules[1].message


def test_a_rise_is_worse_where_lower_is_better():
    (rule,) = rules_of(model(1.0), model(3.0), {"log_loss": Bound(worse_by=0.01, on="interval")})
    assert (rule.on, rule.bound, rule.passed) == ("high", 0.01, False)
    (rule,) = rules_of(model(3.0), model(1.0), {"log_loss": Bound(worse_by=0.01, on="interval")})
    assert rule.passed


def test_baseline_is_judged_at_its_own_threshold():
    strict = ScoredModel(model(2.0).predictions, DecisionRule(0.99))
    (rule,) = rules_of(model(2.0), strict, {"recall": Bound(worse_by=0.0)})
    assert rule.value > 0.3


def test_without_a_baseline_a_change_is_passed_over_and_told():
    (rule,) = rules_of(model(1.0), None, {"auc": Bound(worse_by=0.0)})
    assert (rule.passed, rule.value) == (True, None)
    assert rule.message == "auc: there is no baseline to be worse than"


def test_slice_with_few_videos_is_never_judged():
    few = [{"codec": "vp9" if index < 10 else "h264"} for index in range(120)]
    h264, vp9 = rules_of(model(-3.0, facts=few), None, None, {"codec": {"auc": Bound(min=0.9)}})
    assert not h264.passed
    assert (vp9.passed, vp9.value) == (True, None)
    assert vp9.message == (
        "codec=vp9: auc is not judged, 5 fake and 5 real videos are too few to be judged, 10 of each are needed"
    )


def test_rule_on_a_column_that_is_not_there_refuses():
    (rule,) = rules_of(model(3.0), None, None, {"meta/famly": {"auc": Bound(min=0.5)}})
    assert not rule.passed
    assert rule.message == (
        "meta/famly: auc is not judged, the test split has no column meta/famly; it has codec, meta/family"
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [("codec=av1", "the slices of codec are h264, vp9"), ("meta/family", "the values of meta/family are no slices")],
)
def test_rule_on_a_slice_that_is_not_there_is_told(name, words):
    (rule,) = rules_of(model(3.0), None, None, {name: {"auc": Bound(min=0.5)}})
    assert rule.passed
    assert rule.message == f"{name}: auc is not judged, {words}"


def test_what_is_undefined_keeps_no_bound():
    (rule,) = rules_of(model(3.0, labels=np.asarray(["FAKE"] * 20), facts=FACTS[:20]), None, {"auc": Bound(min=0.0)})
    assert (rule.passed, rule.value) == (False, None)
    assert rule.message == "auc is undefined, must be at least 0"


def test_what_is_undefined_has_no_interval_either():
    one_class = model(3.0, labels=np.asarray(["FAKE"] * 20), facts=FACTS[:20])
    (rule,) = rules_of(one_class, None, {"auc": Bound(min=0.0, on="interval")})
    assert (rule.passed, rule.message) == (False, "auc is undefined, the lower end must be at least 0")


def test_both_models_must_have_judged_the_same_videos():
    baseline = model(1.0, labels=LABELS[:100], facts=FACTS[:100])
    with pytest.raises(ValueError, match="the same videos"):
        rules_of(model(1.0), baseline, {"auc": Bound(worse_by=0.0)})


def test_bounds_travel_as_one_line():
    bounds = {"auc": Bound(min=0.7, on="interval"), "log_loss": Bound(max=0.6, worse_by=0.0)}
    text = bounds_to_json(bounds)
    assert bounds_from_json(text) == bounds
    assert json.loads(text)["log_loss"] == {"max": 0.6, "worse_by": 0.0}
    slices = {"meta/family": bounds, "codec=h264": {"recall": Bound(min=0.5)}}
    assert slice_bounds_from_json(slice_bounds_to_json(slices)) == slices
    assert slice_bounds_from_json(slice_bounds_to_json({})) == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("auc", ["bounds", "JSON"]),
        ("{}", ["at least one"]),
        ('{"f1": {"min": 0.5}}', ["allowed are auc"]),
        ('{"auc": {}}', ["bounds.auc", "give min, max or worse_by"]),
        ('{"auc": {"min": 0.5, "on": "low"}}', ["bounds.auc.on", "'value' or 'interval'"]),
    ],
)
def test_bounds_that_cannot_be_are_one_line(text, words):
    with pytest.raises(UserError) as raised:
        bounds_from_json(text)
    assert "\n" not in str(raised.value)
    for word in words:
        assert word in str(raised.value)
