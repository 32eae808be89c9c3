"""How the terminal shows the result of a training run."""

import dataclasses
import io

import pytest
from rich.console import Console

from components.auditor.finding import Audit
from components.evaluator.gate import Rule
from pipeline.runs.training_result import TrainingResult
from pipeline.terminal.training import print_result

CHECKS = [{"name": "loads in TensorFlow 2", "passed": True, "detail": ""}]
SERVING = {"passed": True, "checks": CHECKS, "latency_ms": {"serving_default": {"1": 4.2}}, "peak_memory_mb": 700.0}
KEPT = Rule("auc", None, "min", "low", 0.746, 0.7, True, "auc is 0.822 (0.746 to 0.932), the lower end must be ...")
WORSE = Rule("log_loss", "codec=vp9", "worse_by", "value", 0.081, 0.05, False, "codec=vp9: log_loss changed by +0.081")
FEW = Rule("auc", "codec=av1", "min", "value", None, 0.6, True, "codec=av1: auc is not judged")


def printed(rules: list[Rule], serving: dict = SERVING, **changes: object) -> list[str]:
    evaluation = {
        "split": "test",
        "videos": {"FAKE": 26, "REAL": 13},
        "groups": 13,
        "synthetic": False,
        "metrics": {"auc": {"value": 0.822, "low": 0.746, "high": None}},
    }
    result = TrainingResult(
        run="demo",
        verdict="blessed",
        failed=[],
        evaluation=evaluation,
        decision={"blessed": True, "baseline": None, "rules": [dataclasses.asdict(rule) for rule in rules]},
        serving=serving,
        pushed=True,
        model="runs/demo/model/1",
        audits=[],
        quarantined=0,
        quarantine="quarantine",
        report="report/index.html",
        log="run.log",
        nodes=[],
    )
    text = io.StringIO()
    print_result(dataclasses.replace(result, **changes), "summary.json", Console(file=text, width=100))
    return [" ".join(line.split()) for line in text.getvalue().splitlines()]


def test_each_rule_is_told_with_value_bound_and_outcome():
    lines = printed([KEPT, WORSE, FEW])
    assert "auc, lower end 0.746 at least 0.700 passed" in lines
    assert "codec=vp9: log_loss against the baseline +0.081 at most +0.050 failed" in lines
    assert "codec=av1: auc not judged" in lines


def test_a_cross_validation_is_told_apart_from_the_test_split():
    crossed = {
        "split": "cross_validation",
        "videos": {"FAKE": 130, "REAL": 65},
        "groups": 65,
        "folds": [{}] * 5,
        "caveats": ["the hyperparameters were searched"],
        "synthetic": False,
        "metrics": {"auc": {"value": 0.777, "low": 0.7, "high": 0.8}},
    }
    rule = dataclasses.replace(KEPT, split="cross_validation", on="value")
    lines = printed([KEPT, rule], cross_validation=crossed)
    assert "26 fake and 13 real videos in 13 groups; intervals resampled by group" in lines
    assert lines.index("auc 0.777 0.700 to 0.800") > lines.index("cross-validation value 95 % interval")
    counted = "130 fake and 65 real videos of all splits in 5 folds in 65 groups"
    assert f"{counted}; intervals resampled by group" in lines
    assert "the hyperparameters were searched" in lines
    assert "cross-validation: auc 0.746 at least 0.700 passed" in lines


def test_a_threshold_that_calls_nothing_fake_is_told():
    told = "the threshold is 1, so that no video is called fake [see above]"
    assert told in printed([KEPT], warnings=[told])


def test_what_is_undefined_is_no_number():
    lines = printed([dataclasses.replace(KEPT, on="value", value=None, passed=False)])
    assert "auc 0.822 0.746 to undefined" in lines
    assert "auc undefined at least 0.700 failed" in lines


def test_failed_rules_are_the_reason():
    lines = printed([WORSE], verdict="not blessed", failed=[WORSE.message], pushed=False, model=None)
    assert "verdict not blessed" in lines
    assert f"because {WORSE.message}" in lines
    assert "pushed nothing" in lines


def test_what_stands_in_the_data_is_no_markup():
    rule = dataclasses.replace(FEW, slice="meta/a=[/red]", value=0.5, passed=False, message="meta/a=[/red]: auc is 0.5")
    lines = printed([rule], verdict="not blessed", failed=[rule.message])
    assert "meta/a=[/red]: auc 0.500 at least 0.600 failed" in lines
    assert "because meta/a=[/red]: auc is 0.5" in lines


def test_audits_are_told_with_what_they_warn_of():
    audit = Audit("leak", "a random split would change the AUC", [], warning="figures are too good")
    lines = printed([KEPT], audits=[audit])
    place = lines.index("leak audit a random split would change the AUC")
    assert lines[place + 1] == "figures are too good"


def test_serving_is_told_in_a_line():
    assert "serving 1 checks passed, 4 ms a video, 700 MB" in printed([KEPT])
    broken = {"name": "loads in TensorFlow 2", "passed": False, "detail": "DataLossError"}
    serving = {"passed": False, "checks": [broken], "latency_ms": {}, "peak_memory_mb": None}
    assert "serving 1 of 1 checks failed" in printed([KEPT], serving)


@pytest.mark.parametrize(("verdict", "blessed"), [("blessed", True), ("not blessed", False), ("not servable", False)])
def test_only_a_model_that_can_be_served_is_blessed(verdict, blessed):
    assert TrainingResult("demo", verdict, [], {}, {}, {}, False, None, [], 0, "", "", "", []).blessed is blessed
