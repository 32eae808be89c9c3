import dataclasses

import jinja2
import pytest
from brightness_model import DESCRIPTION
from predicted_videos import predicted

from components.evaluator.bounds import Bound
from components.evaluator.comparison import ScoredModel
from components.evaluator.gate import check_bounds
from components.evaluator.summary import summarize
from components.metrics.decision_rule import DecisionRule
from components.metrics.names import METRICS
from components.pusher.model_card import CardSettings, make_card, render_card
from components.served_model.description import Description

DESCRIBED = Description.model_validate({**DESCRIPTION, "data_fingerprint": "1234"})
STATED_NOTHING = CardSettings()
SERVING = {"passed": True, "latency_ms": {"serving_default": {"1": 3.21}}, "peak_memory_mb": 700.4, "tensorflow": "2"}


def card(*, synthetic: bool = False, settings: CardSettings = STATED_NOTHING, family: str = "swap") -> dict:
    facts = [{"meta/family": "none" if index % 2 == 0 else (family, "lips")[index % 4 // 2]} for index in range(80)]
    predictions = predicted(
        ["REAL", "FAKE"] * 40, [0.1 + 0.01 * index for index in range(80)], facts=facts, synthetic=synthetic
    )
    candidate = ScoredModel(predictions, DecisionRule(0.5, (0.4, 0.6)))
    summary = summarize(predictions, candidate.decision_rule, split="test", min_slice_videos=30)
    rules = check_bounds(candidate, None, summary, {"auc": Bound(min=0.4)}, {})
    decision = {"blessed": True, "baseline": None, "rules": [dataclasses.asdict(rule) for rule in rules]}
    return make_card(settings, DESCRIBED, summary, decision, SERVING)


def test_card_tells_what_was_measured_decided_and_served():
    made = card(settings=CardSettings(license="Apache-2.0", limits="Not for court."))
    text = render_card(made)
    for name in METRICS:
        assert f"| {name} | {made['evaluation']['metrics'][name]['value']:.3f} |" in text
    assert "Test split: 40 fake and 40 real videos in 80 groups." in text
    assert "| meta/family = lips, against all REAL | 20 | 40 | " in text
    assert "too few videos to be judged" in text
    # Scores start at 0.1 in steps of 0.01, alternating REAL and FAKE.
    assert "| 0.0 to 0.1 | 0 | 0 |\n| 0.1 to 0.2 | 5 | 5 |" in text
    assert sum(each["FAKE"] + each["REAL"] for each in made["evaluation"]["scores"]) == 80
    assert f"- passed: {made['decision']['rules'][0]['message']}" in text
    assert "| license of the model | Apache-2.0 |" in text
    assert "| license of the data | not stated |" in text
    assert "- Not for court." in text
    assert "| serving_default | 1 | 3.2 |" in text
    assert "synthetic" not in text


def test_a_cross_validation_is_told_apart_from_the_test_split():
    made = card()
    crossed = {**made["evaluation"], "split": "cross_validation", "folds": [{}] * 5, "caveats": ["searched"]}
    crossed["videos"] = {"FAKE": 300, "REAL": 100}
    text = render_card({**made, "cross_validation": crossed})
    of_test, of_all = text.split("## Cross-validation")
    assert "Test split: 40 fake and 40 real videos in 80 groups." in of_test
    assert "All splits: 300 fake and 100 real videos in 80 groups, each scored by one of 5 models" in of_all
    assert "- searched\n" in of_all
    assert "Cross-validation" not in render_card(made)


def test_synthetic_videos_are_told_before_anything_else():
    made = card(synthetic=True)
    assert "synthetic" in render_card(made).splitlines()[2]
    assert "synthetic" in made["limits"][0]


def test_what_stands_in_the_data_breaks_no_table():
    text = render_card(card(family="a|b\n<script>"))
    (line,) = (line for line in text.splitlines() if "script" in line)
    assert line.startswith("| meta/family = a\\|b \\<script\\>, against all REAL | 20 | 40 | ")


def test_a_card_with_a_gap_is_none():
    made = card()
    del made["serving"]["peak_memory_mb"]
    with pytest.raises(jinja2.UndefinedError):
        render_card(made)
