"""An intact export is passed on to the Pusher; a broken one is rejected with the reason."""

import json
import os
import pathlib
import shutil

import pytest
import tensorflow as tf
from predicted_videos import predicted
from tensorflow_metadata.proto.v0 import statistics_pb2
from tfx.components.util.model_utils import is_infra_validated
from tfx.proto import pusher_pb2
from tfx.types import artifact_utils, standard_artifacts
from tfx.utils import proto_utils

from components import features
from components.artifacts import VideoMetrics
from components.evaluator.summary import summarize
from components.json_files import write_json
from components.metrics.decision_rule import DecisionRule
from components.metrics.results import DECISION_FILE, METRICS_FILE
from components.pusher.executor import Executor as Pusher
from components.pusher.model_card import CARD_JSON, CARD_MARKDOWN, CardSettings
from components.served_model.training_statistics import read_training_statistics
from components.serving_validator.check_file import read_serving_check
from components.serving_validator.executor import Executor as ServingValidator

pytestmark = pytest.mark.e2e

SETTINGS = {"model": "gru_small", "epochs": 3, "learning_rate": 1e-3}
SERVED = "Format-Serving"


@pytest.fixture(scope="module")
def trained(transformed, tmp_path_factory) -> dict[str, pathlib.Path]:
    """The Trainer's model artifacts of two trainings."""
    import types

    from components.trainer.run_fn import run_fn

    folder = tmp_path_factory.mktemp("trained")
    for name, rate in (("one", 1e-3), ("other", 1e-2)):
        arguments = transformed.function_arguments(
            folder / name, folder / "state", **{**SETTINGS, "learning_rate": rate}
        )
        run_fn(types.SimpleNamespace(**{**arguments, "serving_model_dir": str(folder / name / SERVED)}))
    return {name: folder / name for name in ("one", "other")}


@pytest.fixture(scope="module")
def examples(transformed, tmp_path_factory) -> standard_artifacts.Examples:
    """Frame-feature examples of the eval split."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "Split-eval").mkdir()
    options = tf.io.TFRecordOptions(compression_type="GZIP")
    with tf.io.TFRecordWriter(str(folder / "Split-eval" / "data.gz"), options) as writer:
        for record in transformed.raw_eval:
            writer.write(record)
    artifact = standard_artifacts.Examples()
    artifact.uri = str(folder)
    artifact.split_names = artifact_utils.encode_split_names(["eval"])
    return artifact


@pytest.fixture
def video_metrics(tmp_path) -> VideoMetrics:
    """The Evaluator's results, from which the model card is made."""
    artifact = VideoMetrics()
    artifact.uri = str(tmp_path / "video_metrics")
    (tmp_path / "video_metrics").mkdir()
    predictions = predicted(["REAL", "FAKE"] * 5, [0.2, 0.8] * 5)
    summary = summarize(predictions, DecisionRule(0.5), split="test", min_slice_videos=10)
    write_json(os.path.join(artifact.uri, METRICS_FILE), summary)
    write_json(os.path.join(artifact.uri, DECISION_FILE), {"blessed": True, "baseline": None, "rules": []})
    return artifact


@pytest.fixture
def statistics(tmp_path) -> standard_artifacts.ExampleStatistics:
    """Statistics of a train split, of which those on containers are stored with the model."""
    artifact = standard_artifacts.ExampleStatistics()
    artifact.uri = str(tmp_path / "statistics")
    found = statistics_pb2.DatasetFeatureStatisticsList()
    features_of = found.datasets.add(num_examples=1).features
    for name in (features.VIDEO_ID, features.CODEC):
        features_of.add().path.step.append(name)
    path = tmp_path / "statistics" / "Split-train" / "FeatureStats.pb"
    path.parent.mkdir(parents=True)
    path.write_bytes(found.SerializeToString())
    return artifact


@pytest.fixture
def validate(examples, video_metrics, statistics, tmp_path):
    """Runs ServingValidator and Pusher on a model artifact's folder; returns the check and the pushed versions."""

    def validate(folder: pathlib.Path) -> tuple[dict, list[pathlib.Path]]:
        model, blessing = standard_artifacts.Model(), standard_artifacts.InfraBlessing()
        pushed = standard_artifacts.PushedModel()
        model.uri, blessing.uri, pushed.uri = str(folder), str(tmp_path / "blessing"), str(tmp_path / "pushed")
        (tmp_path / "blessing").mkdir()
        ServingValidator().Do({"model": [model], "examples": [examples]}, {"blessing": [blessing]}, {})
        check = read_serving_check(blessing.uri)
        assert is_infra_validated(blessing) == check["passed"]
        destination = pusher_pb2.PushDestination()
        destination.filesystem.base_directory = str(tmp_path / "versions")
        Pusher().Do(
            {
                "model": [model],
                "infra_blessing": [blessing],
                "video_metrics": [video_metrics],
                "statistics": [statistics],
            },
            {"pushed_model": [pushed]},
            {
                "push_destination": proto_utils.proto_to_json(destination),
                "card": CardSettings(license="MIT").model_dump_json(),
            },
        )
        assert pushed.get_int_custom_property("pushed") == check["passed"]
        return check, list((tmp_path / "versions").glob("*"))

    return validate


@pytest.fixture
def broken(trained, tmp_path) -> pathlib.Path:
    """A copy of the first model, to break."""
    return pathlib.Path(shutil.copytree(trained["one"], tmp_path / "broken"))


def failed(check: dict) -> list[str]:
    return [f"{each['name']}: {each['detail']}" for each in check["checks"] if not each["passed"]]


def test_whole_export_is_passed_and_pushed(trained, validate):
    check, versions = validate(trained["one"])
    assert failed(check) == []
    assert check["passed"]
    (version,) = versions
    assert json.loads((version / CARD_JSON).read_text())["license"] == "MIT"
    assert "| license of the model | MIT |" in (version / CARD_MARKDOWN).read_text()
    assert not (trained["one"] / SERVED / CARD_JSON).exists()
    travelled = read_training_statistics(str(version))
    assert [feature.path.step[0] for feature in travelled.datasets[0].features] == [features.CODEC]
    assert set(check["latency_ms"]) == {"serving_default", "serve_features", "serve_frames", "transform_features"}
    assert set(check["latency_ms"]["serving_default"]) == {"1", "64"}
    assert 100 < check["peak_memory_mb"] < 4000
    assert check["tensorflow"] == tf.__version__
    names = [each["name"] for each in check["checks"]]
    for signature in check["latency_ms"]:
        for loader in ("TensorFlow 2", "the loader of TensorFlow 1"):
            assert any(name.startswith(f"{signature} in {loader}, batch of ") for name in names)
    assert f"serve_features in TensorFlow 2, batch of 64, all {features.FRAMES} frames" in names


def test_truncated_weights_are_refused(broken, validate):
    (variables,) = (broken / SERVED / "variables").glob("variables.data*")
    content = variables.read_bytes()
    variables.write_bytes(content[: len(content) // 2])
    check, versions = validate(broken)
    assert versions == []
    assert [line.partition(": ")[0] for line in failed(check)] == [
        "loads in TensorFlow 2",
        "loads in the loader of TensorFlow 1",
    ]
    assert all("Error" in line for line in failed(check))


def test_weights_of_another_model_are_refused(trained, broken, validate):
    for part in ("variables", "saved_model.pb", "fingerprint.pb"):
        source, target = trained["other"] / SERVED / part, broken / SERVED / part
        if source.is_dir():
            shutil.rmtree(target)
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    check, versions = validate(broken)
    assert versions == []
    lines = failed(check)
    assert any(
        line.startswith("serving_default in TensorFlow 2, batch of 64, as it is: probability_fake is ")
        and line.endswith(" off the Trainer's; at most 0.0001 is allowed")
        for line in lines
    )
    assert not any(line.startswith(("loads", "model.json", "transform_features")) for line in lines)


def test_another_threshold_is_refused(broken, validate):
    path = broken / SERVED / "assets.extra" / "model.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "threshold": 0.9}))
    check, versions = validate(broken)
    assert versions == []
    assert failed(check) == ["model.json: threshold is 0.9, but the Trainer's is 0.5"]
