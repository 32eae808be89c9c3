"""An intact export is passed on to the Pusher; a broken one is rejected with the reason."""

import json
import pathlib
import shutil
import signal

import pytest
import tensorflow as tf
from killed_children import killing_children
from pusher_inputs import training_statistics, video_metrics
from tfx.components.util.model_utils import is_infra_validated
from tfx.proto import pusher_pb2
from tfx.types import artifact_utils, standard_artifacts
from tfx.utils import proto_utils

from components import features
from components.passing_trouble import MachineError
from components.pusher.executor import Executor as Pusher
from components.pusher.model_card import CARD_JSON, CARD_MARKDOWN, CardSettings
from components.served_model.training_statistics import read_training_statistics
from components.serving_validator.check_file import read_serving_check
from components.serving_validator.executor import Executor as ServingValidator

pytestmark = pytest.mark.e2e

SETTINGS = {"model": "frame_statistics", "epochs": 3, "learning_rate": 1e-3}
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
def validate(examples, tmp_path):
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
                "video_metrics": [video_metrics(tmp_path / "video_metrics")],
                "statistics": [training_statistics(tmp_path / "statistics")],
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
    assert "serve_features in TensorFlow 2, batch of 64, all frames" in names


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


def test_a_serving_process_that_is_killed_is_started_again(trained, validate):
    with killing_children(b"serve.py", signal.SIGKILL, times=1) as ended:
        check, versions = validate(trained["one"])
    assert len(ended) == len(versions) == 1
    assert check["passed"]


def test_one_that_is_killed_twice_is_no_verdict_on_the_model(trained, validate, tmp_path):
    with (
        killing_children(b"serve.py", signal.SIGKILL, times=2),
        pytest.raises(MachineError, match="the serving process was ended by signal 9, twice; see to the machine"),
    ):
        validate(trained["one"])
    assert list((tmp_path / "blessing").iterdir()) == []


def test_one_that_crashes_each_time_is_the_models(trained, validate):
    with killing_children(b"serve.py", signal.SIGSEGV, times=2):
        check, versions = validate(trained["one"])
    assert versions == []
    assert failed(check) == ["a process with nothing but TensorFlow: ended with code -11: "]
