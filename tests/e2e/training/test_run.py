"""The training function: its outputs, its reproducibility, and what it can start from."""

import json
import pathlib
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from brightness_model import DESCRIPTION
from encoder_sizes import FEW_FEATURES

from components import features
from components.errors import UserError
from components.served_model.description import DESCRIPTION_FILE
from components.trainer.model import build_model
from components.trainer.settings import TrainerSettings
from components.trainer.warm_start import read_weights

pytestmark = pytest.mark.e2e

SETTINGS = {"model": "frame_statistics", "epochs": 6, "learning_rate": 1e-3}


def described(trained: pathlib.Path) -> dict[str, Any]:
    return json.loads((trained / "model" / DESCRIPTION_FILE).read_text())


def test_same_seed_gives_the_same_model_and_no_state_is_left(train, tmp_path):
    first, second = (described(train(name, **SETTINGS)) for name in ("a", "b"))
    assert first == second
    assert list((tmp_path / "state").iterdir()) == []
    other = described(train("c", **{**SETTINGS, "class_weights": "none"}))
    assert other["model_digest"] != first["model_digest"]


def test_model_json_tells_how_to_judge_and_where_it_comes_from(train):
    description = described(train("a", **SETTINGS))
    assert description["threshold"] == 0.5
    assert description["inconclusive_band"] == pytest.approx([0.4, 0.6])
    assert description["frame_score"] == "what the model would have said, had the video ended there"
    assert description["class_weights"] == [2, pytest.approx(2 / 3)]
    calibration = description["calibration"]
    assert (calibration["method"], calibration["fitted_on"]) == ("temperature", "eval")
    assert calibration["videos"] == {"FAKE": 24, "REAL": 8}
    # Three of four videos are fake: calibration undoes the effect of the class weights.
    assert calibration["shift"] == pytest.approx(np.log(3))
    assert calibration["expected_calibration_error"]["bins"] == 10
    assert set(description["eval_metrics"]) == {"loss", "accuracy", "auc"}
    assert description["decision"]["rule"] == "costs"


def test_training_starts_from_a_pushed_model(train):
    pushed = train("a", **SETTINGS)
    again = train("b", **{**SETTINGS, "warm_start": str(pushed / "model"), "epochs": 1, "learning_rate": 1e-9})
    losses = [described(path)["eval_metrics"]["loss"] for path in (pushed, again)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"model": "frame_mean"}, "its model is frame_statistics, not frame_mean"),
        ({"hyperparameters": {"dense_units": 8}}, "its hyperparameters is .*32.*, not .*8.*"),
        ({"frame_differences": True}, "its frame_differences is False, not True"),
        # Earlier versions did not say how many members a model has.
        ({"members": 2}, "its members is 1, not 2; set trainer.members to the former"),
    ],
)
def test_a_model_of_another_kind_cannot_be_started_from(train, tmp_path, settings, words):
    model = tmp_path / "pushed"
    (model / "assets.extra").mkdir(parents=True)
    there = {"model": "frame_statistics", "hyperparameters": {"dense_units": 32, "dropout": 0.5}}
    trainer = {**there, "frame_differences": False}
    (model / DESCRIPTION_FILE).write_text(json.dumps({**DESCRIPTION, "trainer": trainer}))
    with pytest.raises(UserError, match=words) as raised:
        train("a", **{**SETTINGS, **settings, "warm_start": str(model)})
    assert str(model) in str(raised.value)


def test_a_model_of_other_features_cannot_be_started_from(train):
    pushed = train("a", **SETTINGS)
    path = pushed / "model" / DESCRIPTION_FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), "frames": 8}))
    with pytest.raises(UserError, match="it takes 8 frames of 128 features, not 20 of 128"):
        train("b", **SETTINGS, warm_start=str(pushed / "model"))


def test_each_member_is_what_a_training_with_its_seed_gives(train):
    settings = {**SETTINGS, "epochs": 2, "weight_averaging": 0.5}
    both, *alone = train("both", **settings, members=2), train("first", **settings), train("second", **settings, seed=2)
    for number, other in enumerate(alone):
        for found, expected in zip(weights_of(both, number), weights_of(other, 0), strict=True):
            np.testing.assert_array_equal(found, expected)
    descriptions = [described(path) for path in (both, *alone)]
    members = descriptions[0]["members"]
    assert members == [description["members"][0] for description in descriptions[1:]]
    assert [(member["seed"], member["epochs"]) for member in members] == [(1, 2), (2, 2)]
    assert descriptions[0]["best_epoch"] == members[0]["best_epoch"]
    assert descriptions[0]["trainer"]["members"] == 2
    lines = (both / "run" / "curves.csv").read_text().splitlines()
    assert lines[0] == "member,epoch,accuracy,auc,loss,val_accuracy,val_auc,val_loss"
    assert [line.split(",")[:2] for line in lines[1:]] == [["1", "1"], ["1", "2"], ["2", "1"], ["2", "2"]]
    for path, member in zip(alone, "12", strict=True):
        rows = (path / "run" / "curves.csv").read_text().splitlines()
        assert rows == [line.partition(",")[2] for line in lines if line.startswith(("member", member))]
    for number in (1, 2):
        assert list((both / "run" / f"member_{number}").rglob("events.out.tfevents.*"))


def test_a_model_of_members_is_served_with_their_spread_and_started_from(train, transformed):
    settings = {**SETTINGS, "members": 3}
    pushed = train("a", **settings)
    served = tf.saved_model.load(str(pushed / "model")).signatures["serving_default"](tf.constant(transformed.raw_eval))
    outputs = {name: value.numpy() for name, value in served.items()}
    count = len(transformed.raw_eval)
    assert {name: (value.shape, value.dtype) for name, value in outputs.items()} == {
        features.PROBABILITY_FAKE: ((count, 1), np.float32),
        features.PROBABILITY_STD: ((count, 1), np.float32),
        features.LOG_ODDS_FAKE: ((count, 1), np.float32),
        features.FRAME_SCORES: ((count, features.FRAMES), np.float32),
    }
    assert (outputs[features.PROBABILITY_STD] > 0).all()
    again = train("b", **{**settings, "warm_start": str(pushed / "model"), "epochs": 1, "learning_rate": 1e-9})
    losses = [described(path)["eval_metrics"]["loss"] for path in (pushed, again)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)
    with pytest.raises(UserError, match="its members is 3, not 1"):
        train("c", **{**settings, "members": 1, "warm_start": str(pushed / "model")})


def weights_of(trained: pathlib.Path, member: int) -> list[np.ndarray]:
    model = build_model(TrainerSettings(**SETTINGS), frames=features.FRAMES, feature_size=FEW_FEATURES)
    read_weights(model, str(trained / "model"), member)
    return model.get_weights()


def test_a_place_without_a_model_cannot_be_started_from(train, tmp_path):
    with pytest.raises(UserError, match="give the version folder of a pushed model"):
        train("a", **SETTINGS, warm_start=str(tmp_path / "nothing"))
