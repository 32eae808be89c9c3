"""A model pushed by an earlier version opens with its full description."""

import json
import pathlib
import shutil

import pytest

from components.served_model.description import CalibrationReport, DecisionReport, Description
from components.served_model.encoder import EncoderDescription, read_description, write_description
from components.served_model.folder import open_model

EARLIER = pathlib.Path(__file__).with_name("earlier")
ENCODER = EncoderDescription(
    architecture="inception_v3",
    weights="random:0",
    fingerprint="d7ff78bdf0e8c820ea2996d5ce4b239e189d3b42b679bd2acff52e04397aeadc",
    engine="tensorflow",
    precision="bfloat16",
    precision_reason="agrees with float32: least cosine 0.99999, largest relative error 4.7e-03 on 64 frames",
    agreement={"frames": 64, "min_cosine": 0.999989497769241, "max_relative_error": 0.004695910023775126},
)
TRAINER = {
    "model": "gru",
    "hyperparameters": {"units": [64, 32, 16], "dropout": 0.5, "dense_units": 32},
    "frame_differences": True,
    "learning_rate": 0.001,
    "batch_size": 16,
    "epochs": 60,
    "patience": 10,
    "class_weights": "balanced",
    "warm_start": "",
}


@pytest.fixture
def pushed(tmp_path) -> pathlib.Path:
    shutil.copytree(EARLIER, tmp_path / "assets.extra")
    (tmp_path / "saved_model.pb").touch()
    return tmp_path


def test_a_pushed_model_of_the_version_before_opens_with_all_values(pushed):
    content = json.loads((EARLIER / "model.json").read_text())
    assert open_model(str(pushed)).description == Description(
        model_digest="48655dea11f08a897783be9013e303ee17827da8ebaba013be8e61abf72dc41f",
        threshold=0.5,
        inconclusive_band=(0.4, 0.6),
        frames=20,
        frame_size=224,
        sampling="uniform",
        crop="center_square",
        hdr="as_sdr",
        min_frames=5,
        frame_score="what the model would have said, had the video ended there",
        decision=DecisionReport(false_alarm_cost=1.0, miss_cost=1.0, warning=None),
        calibration=CalibrationReport(method="temperature", clip=0.01, videos=content["calibration"]["videos"]),
        trainer=TRAINER,
        seed=0,
        epochs=48,
        best_epoch=38,
        data_fingerprint="a3928f072974d0ebd52f24888e05a4ad",
        encoder=ENCODER,
        stack=content["stack"],
    )


def test_an_encoder_of_the_version_before_is_read_and_written_as_it_is(pushed):
    found = read_description(str(pushed))
    assert found == ENCODER
    write_description(str(pushed), found)
    assert (pushed / "assets.extra" / "encoder.json").read_text() == (EARLIER / "encoder.json").read_text().strip()
