"""The Pusher pushes what the Trainer has made, whole, once, and nothing else."""

import os
import pathlib
import shutil

import pytest
import tensorflow as tf
from brightness_model import write_brightness_model
from pusher_inputs import training_statistics, video_metrics
from small_limit import small_limit
from tfx.proto import pusher_pb2
from tfx.types import standard_artifacts
from tfx.utils import proto_utils

from components.errors import UserError
from components.pusher.executor import Executor
from components.pusher.model_card import CardSettings
from components.recorded_files import FILES_PROPERTY, files_to_json, record_files
from components.served_model.folder import open_model
from components.served_model.loaded_model import ServedModel
from components.serving_validator.check_file import write_serving_check

pytestmark = pytest.mark.e2e

SERVED = "Format-Serving"
CHECKED = {"passed": True, "checks": [], "latency_ms": {}, "peak_memory_mb": 1.0, "tensorflow": tf.__version__}


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> pathlib.Path:
    return write_brightness_model(tmp_path_factory.mktemp("trained") / SERVED).parent


@pytest.fixture
def model(trained, tmp_path) -> standard_artifacts.Model:
    """A Trainer's model, with the files that its run recorded."""
    artifact = standard_artifacts.Model()
    artifact.uri = str(shutil.copytree(trained, tmp_path / "trained"))
    artifact.set_string_custom_property(FILES_PROPERTY, files_to_json(record_files(artifact.uri)))
    return artifact


@pytest.fixture
def inputs(tmp_path) -> dict[str, list]:
    blessing = standard_artifacts.InfraBlessing()
    blessing.uri = str(tmp_path / "blessing")
    blessing.set_int_custom_property("blessed", 1)
    write_serving_check(blessing.uri, CHECKED)
    return {
        "infra_blessing": [blessing],
        "video_metrics": [video_metrics(tmp_path / "video_metrics")],
        "statistics": [training_statistics(tmp_path / "statistics")],
    }


@pytest.fixture
def push(model, inputs, tmp_path):
    """Runs the Pusher on the model, and returns its output."""

    def push() -> standard_artifacts.PushedModel:
        pushed = standard_artifacts.PushedModel()
        pushed.uri = str(tmp_path / "pushed")
        shutil.rmtree(pushed.uri, ignore_errors=True)
        destination = pusher_pb2.PushDestination()
        destination.filesystem.base_directory = str(tmp_path / "versions")
        Executor().Do(
            {"model": [model], **inputs},
            {"pushed_model": [pushed]},
            {
                "push_destination": proto_utils.proto_to_json(destination),
                "card": CardSettings().model_dump_json(),
            },
        )
        return pushed

    return push


def flip(path: pathlib.Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: pathlib.Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


PARTS = ("saved_model.pb", "variables/variables.index", "assets.extra/encoder.json")
DAMAGE = {"cut": (cut, "bytes, not "), "flipped": (flip, "is not as it was"), "missing": (os.remove, "is missing")}


def versions(tmp_path: pathlib.Path) -> list[str]:
    return sorted(os.listdir(tmp_path / "versions"))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_model_is_not_pushed(model, push, tmp_path, part, damage):
    change, words = DAMAGE[damage]
    change(pathlib.Path(model.uri) / SERVED / part)
    with pytest.raises(UserError, match=rf"{part} .*{words}") as told:
        push()
    assert len(str(told.value).splitlines()) == 1
    assert model.uri in str(told.value)
    assert versions(tmp_path) == []


def test_a_model_of_which_nothing_is_recorded_must_load(model, push, tmp_path):
    model.set_string_custom_property(FILES_PROPERTY, "")
    cut(pathlib.Path(model.uri) / SERVED / "saved_model.pb")
    with pytest.raises(UserError, match="its copy cannot be loaded"):
        push()
    assert versions(tmp_path) == []


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_torn_version_is_replaced_and_told(push, tmp_path, part, damage):
    first = push()
    version = pathlib.Path(first.get_string_custom_property("pushed_destination"))
    change, _ = DAMAGE[damage]
    change(version / part)
    with pytest.raises(UserError, match=rf"{version.name}.*; copy the whole folder anew"):
        ServedModel(open_model(str(version)).path)
    second = push()
    assert second.get_int_custom_property("pushed") == 1
    (name,) = versions(tmp_path)
    assert int(name) > int(version.name)
    told = second.get_string_custom_property("replaced")
    assert told.startswith(f"version {version.name} was not whole ({part} ")
    assert told.endswith(", and is removed")
    ServedModel(open_model(str(tmp_path / "versions" / name)).path)
    third = push()
    assert third.get_int_custom_property("pushed") == 0
    assert third.get_string_custom_property("pushed_destination") == str(tmp_path / "versions" / name)
    assert versions(tmp_path) == [name]


@pytest.mark.parametrize("left", ["empty", "no graph"])
def test_what_is_left_of_a_version_is_replaced_and_told(push, tmp_path, left):
    version = pathlib.Path(push().get_string_custom_property("pushed_destination"))
    if left == "empty":
        shutil.rmtree(version)
        version.mkdir()
    else:
        for path in (version / "saved_model.pb", version / "assets.extra" / "model.json"):
            path.unlink()
    pushed = push()
    assert pushed.get_int_custom_property("pushed") == 1
    assert f"version {version.name} was not whole" in pushed.get_string_custom_property("replaced")
    assert len(versions(tmp_path)) == 1


def test_a_full_disk_leaves_nothing_and_the_next_push_is_whole(push, trained, tmp_path):
    sizes = sorted({path.stat().st_size for path in trained.rglob("*") if path.is_file()})
    for size in sizes:
        with small_limit(size - 1), pytest.raises(OSError, match="File too large"):
            push()
        assert versions(tmp_path) == []
    pushed = push()
    assert pushed.get_int_custom_property("pushed") == 1
    assert versions(tmp_path) == [pushed.get_string_custom_property("pushed_version")]
    ServedModel(open_model(pushed.get_string_custom_property("pushed_destination")).path)


def test_a_model_that_an_earlier_version_pushed_is_not_pushed_again(push, trained, tmp_path):
    shutil.copytree(trained / SERVED, tmp_path / "versions" / "7")
    assert push().get_string_custom_property("pushed_destination") == str(tmp_path / "versions" / "7")
    flip(tmp_path / "versions" / "7" / "variables" / "variables.index")
    assert push().get_int_custom_property("pushed") == 1
    assert "7" not in versions(tmp_path)
