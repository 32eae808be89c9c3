import json

import numpy as np
import pytest
import tensorflow as tf
from predicted_videos import predicted

from components import features
from components.errors import UserError
from components.evaluator.slices import find_slices
from components.evaluator.summary import summarize
from components.metrics.decision_rule import DecisionRule
from components.metrics.facts import bucket, facts


def names(column_values: list[str], labels: list[int]) -> list[str]:
    known = [{"column": value} if value else {} for value in column_values]
    return [part.value for part in find_slices(known, np.asarray(labels))]


def test_each_value_of_a_column_is_a_slice():
    assert names(["a", "b", "a", "b", "a", ""], [0, 0, 1, 1, 1, 0]) == ["a", "b"]


@pytest.mark.parametrize(
    "values",
    [
        ["a"] * 6,
        [*"abcdef"],
        ["a", "a", "b", "c", "d", "e"],
        ["a", "a", "a", "b", "b", "b"],
    ],
    ids=["one value", "one value a video", "few videos a value", "the label itself"],
)
def test_what_is_no_slice(values):
    assert names(values, [0, 0, 0, 1, 1, 1]) == []


@pytest.mark.parametrize("of_real", ["none", ""])
def test_kinds_of_forgery_are_each_measured_against_all_real_videos(of_real):
    values = [of_real, of_real, "a", "a", "b", "b"]
    labels = np.asarray([0, 0, 1, 1, 1, 1])
    found = find_slices([{"meta/family": value} if value else {} for value in values], labels)
    assert [(part.name, part.against) for part in found] == [("meta/family=a", "REAL"), ("meta/family=b", "REAL")]
    assert [np.flatnonzero(part.members).tolist() for part in found] == [[0, 1, 2, 3], [0, 1, 4, 5]]


def test_a_value_of_one_class_is_measured_against_the_other_whatever_the_other_values():
    found = find_slices([{"codec": value} for value in "aaabbbcc"], np.asarray([0, 1, 1, 1, 1, 1, 0, 0]))
    assert [(part.value, part.against) for part in found] == [("a", None), ("b", "REAL"), ("c", "FAKE")]
    assert [np.flatnonzero(part.members).tolist() for part in found] == [
        [0, 1, 2],
        [0, 3, 4, 5, 6, 7],
        [1, 2, 3, 4, 5, 6, 7],
    ]


def test_slice_with_few_videos_is_shown_and_not_judged():
    labels = ["REAL", "FAKE"] * 20
    known = [{"codec": "vp9" if index < 6 else "h264"} for index in range(40)]
    probabilities = np.random.default_rng(0).random(40)
    summary = summarize(
        predicted(labels, probabilities, facts=known), DecisionRule(0.5), split="test", min_slice_videos=10
    )
    judged, shown = summary["slices"]
    assert (judged["value"], judged["judged"], judged["videos"]) == ("h264", True, {"FAKE": 17, "REAL": 17})
    assert judged["metrics"]["auc"]["low"] <= judged["metrics"]["auc"]["value"] <= judged["metrics"]["auc"]["high"]
    assert (shown["value"], shown["judged"], shown["videos"]) == ("vp9", False, {"FAKE": 3, "REAL": 3})
    assert shown["metrics"]["auc"]["value"] is not None
    assert shown["metrics"]["auc"]["low"] is None


def test_one_class_has_no_auc_and_says_so():
    summary = summarize(predicted(["FAKE"] * 4, [0.7] * 4), DecisionRule(0.5), split="test", min_slice_videos=10)
    assert summary["metrics"]["auc"] == {"value": None, "low": None, "high": None}
    assert summary["metrics"]["recall"]["value"] == 1.0
    assert summary["videos"] == {"FAKE": 4, "REAL": 0}
    assert json.loads(json.dumps(summary, allow_nan=False))


def test_synthetic_videos_are_told():
    predictions = predicted(["REAL", "FAKE"], [0.5, 0.5], synthetic=True)
    assert summarize(predictions, DecisionRule(0.5), split="test", min_slice_videos=10)["synthetic"]


def test_facts_are_of_the_example_and_leave_out_what_is_not_known():
    example = tf.train.Example()
    feature = example.features.feature
    feature[features.WIDTH].int64_list.value.append(1080)
    feature[features.HEIGHT].int64_list.value.append(1920)
    feature[features.FPS].float_list.value.append(29.97)
    feature[features.DURATION_S].float_list.value.append(10.01)
    feature[features.FRAMES_DECODED].int64_list.value.append(20)
    feature[features.FACE_STATUS].bytes_list.value.append(b"found")
    feature["meta/actor"].bytes_list.value.append(b"12")
    assert facts(example) == {
        "resolution": "1000 to 1600 px",
        "fps": "27 to 40",
        "duration": "8 to 20 s",
        "frames_decoded": "20 or more",
        "face_status": "found",
        "meta/actor": "12",
    }


@pytest.mark.parametrize(("value", "name"), [(2.9, "under 3 s"), (3, "3 to 8 s"), (8, "8 s or more"), (None, None)])
def test_ranges_hold_their_lower_edge(value, name):
    assert bucket(value, (3, 8), "s") == name


def test_a_split_without_videos_is_told_with_what_to_do():
    with pytest.raises(UserError, match=r"the test split holds no video.*--set split\.test=") as told:
        summarize([], DecisionRule(0.5), split="test", min_slice_videos=10)
    assert "\n" not in str(told.value)
