"""Distances between two sets of videos, as TFDV measures them on the statistics published with a model."""

import json
import pathlib

import numpy as np
import pandas as pd
import pytest
import tensorflow_data_validation as tfdv
from brightness_model import write_brightness_model
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from components.drift_validator.distributions import Distribution, Pair, fact_pairs, score_pair
from components.drift_validator.drift import find_drift, judge
from components.drift_validator.finding import DriftFinding, read_drift, write_drift
from components.drift_validator.settings import DriftSettings
from components.served_model.folder import ModelFolder, open_model
from components.served_model.training_statistics import STATISTICS_FILE, container_statistics

SETTINGS = DriftSettings(min_videos=20)
COUNTS = st.lists(st.integers(0, 50), min_size=3, max_size=3).filter(lambda counts: sum(counts) >= 20)


def statistics(videos: int = 100, seed: int = 0, **changes: object):
    """TFDV statistics of videos as from one camera; `changes` overrides columns."""
    random = np.random.default_rng(seed)
    columns = {
        "video_id": [f"{index}.mp4" for index in range(videos)],
        "label": ["FAKE"] * videos,
        "codec": ["h264"] * videos,
        "probe_status": ["ok"] * videos,
        "width": random.choice([1280, 1920], videos, p=[0.3, 0.7]),
        "height": [720] * videos,
        "fps": random.choice([29.97, 30.0], videos).astype(np.float32),
        "duration_s": random.normal(10, 2, videos).astype(np.float32),
        "size_bytes": random.lognormal(14, 1, videos).astype(np.int64),
    }
    return tfdv.generate_statistics_from_dataframe(pd.DataFrame({**columns, **changes}))


def found(scored, training) -> dict:
    return {each.name: each for each in judge(list(fact_pairs(scored, training)), SETTINGS)}


def binned(name: str, scored: list[int], training: list[int]) -> Pair:
    sides = [Distribution({str(number): float(count) for number, count in enumerate(of)}) for of in (scored, training)]
    return Pair(name, True, *sides)


@settings(max_examples=25, deadline=None)
@given(COUNTS, COUNTS)
def test_distances_are_the_textbooks(scored, training):
    pairs = [binned("width", scored, training), Pair("codec", False, *_labelled(scored, training))]
    numeric, categorical = judge(pairs, SETTINGS)
    shares = [np.array(counts) / sum(counts) for counts in (scored, training)]
    assert numeric.distance == pytest.approx(jensenshannon(*shares, base=2) ** 2, abs=1e-5)
    assert categorical.distance == pytest.approx(np.abs(shares[0] - shares[1]).max(), abs=1e-5)
    assert numeric.drifted == (numeric.distance > SETTINGS.numeric)
    assert categorical.drifted == (categorical.distance > SETTINGS.categorical)


def _labelled(*sides: list[int]) -> list[Distribution]:
    return [Distribution(dict(zip("abc", map(float, counts), strict=True))) for counts in sides]


def test_other_videos_of_the_same_camera_have_not_drifted():
    judged = found(statistics(seed=1), statistics(videos=500, seed=2))
    assert [name for name, each in judged.items() if each.drifted is not False] == []


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("codec", {"codec": ["vp9"] * 60 + ["h264"] * 40}),
        ("probe_status", {"probe_status": ["unreadable_container"] * 30 + ["ok"] * 70}),
        # Constant in training, and below its minimum.
        ("height", {"height": [360] * 100}),
        ("width", {"width": [3840] * 50 + [1920] * 50}),
        ("duration_s", {"duration_s": np.linspace(2, 6, 100)}),
        ("fps", {"fps": [25.0] * 100}),
    ],
)
def test_what_changed_and_nothing_else_has_drifted(name, changes):
    judged = found(statistics(seed=1, **changes), statistics(videos=500, seed=2))
    assert [each.name for each in judged.values() if each.drifted] == [name]
    assert judged[name].distance > judged[name].threshold


def test_one_long_video_is_no_drift():
    training = statistics(videos=500, seed=2)
    longest = np.append(np.random.default_rng(1).normal(10, 2, 99), 3600.0)
    assert not found(statistics(duration_s=longest), training)["duration_s"].drifted


def test_few_videos_have_a_distance_and_are_not_judged():
    few = found(statistics(videos=10, codec=["vp9"] * 10), statistics())["codec"]
    assert (few.distance, few.drifted) == (pytest.approx(1.0), None)
    assert few.reason == "10 scored videos are fewer than drift.min_videos=20"
    few = found(statistics(), statistics(videos=10))["codec"]
    assert few.reason == "10 training videos are fewer than drift.min_videos=20"


def test_nothing_readable_is_not_judged():
    nothing = tfdv.generate_statistics_from_dataframe(pd.DataFrame({"probe_status": ["missing"] * 30}))
    judged = found(nothing, statistics())
    assert judged["probe_status"].drifted
    assert (judged["width"].distance, judged["width"].drifted, judged["width"].scored_videos) == (None, None, 0)


def test_no_name_or_label_of_the_training_travels():
    kept = container_statistics(statistics())
    names = {feature.path.step[0] for dataset in kept.datasets for feature in dataset.features}
    assert names == {"codec", "probe_status", "width", "height", "fps", "duration_s", "size_bytes"}
    assert b".mp4" not in kept.SerializeToString()


def test_scores_are_compared_with_those_of_the_test():
    tested = [{"from": index / 10, "to": (index + 1) / 10, "FAKE": index, "REAL": 9 - index} for index in range(10)]
    (alike,) = judge([score_pair(np.linspace(0, 1, 60).tolist(), tested)], SETTINGS)
    assert alike.drifted is False
    (other,) = judge([score_pair([1.0] * 60, tested)], SETTINGS)
    assert (other.name, other.drifted, other.training_videos) == ("probability_fake", True, 90)


@pytest.fixture
def model(tmp_path) -> ModelFolder:
    return open_model(str(write_brightness_model(tmp_path / "1795571968")))


def test_older_model_is_not_judged_in_words(model, tmp_path):
    finding = find_drift(statistics(), [0.5] * 60, model, SETTINGS)
    assert [each.name for each in finding.features] == ["probability_fake"]
    assert finding.not_compared == ["the model carries no statistics of its training, so the containers are not judged"]
    (pathlib.Path(model.path) / "assets.extra" / "model_card.json").unlink()
    finding = find_drift(statistics(), [0.5] * 60, open_model(model.path), SETTINGS)
    assert (finding.features, len(finding.not_compared)) == ([], 2)


def test_model_folder_is_all_that_is_needed_and_the_finding_comes_back(model, tmp_path):
    training = container_statistics(statistics(videos=500, seed=2))
    (pathlib.Path(model.path) / STATISTICS_FILE).write_bytes(training.SerializeToString())
    finding = find_drift(statistics(codec=["av1"] * 100), [0.95] * 100, model, SETTINGS)
    assert finding.not_compared == []
    assert finding.drifted == ["codec", "probability_fake"]
    write_drift(str(tmp_path), finding)
    assert read_drift(str(tmp_path)) == finding
    assert "few videos means little" in json.loads((tmp_path / "drift.json").read_text())["remark"]
    assert isinstance(finding, DriftFinding)
