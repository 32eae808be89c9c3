"""Which model is used, and the errors for folders that contain none."""

import json
import pathlib
import shutil

import pytest
from brightness_model import write_brightness_model

from components.errors import UserError
from components.served_model.folder import open_model
from components.served_model.loaded_model import ServedModel
from pipeline.runs.pushed_models import choose_model, find_model
from pipeline.score.videos import extraction_settings


@pytest.fixture
def copy(model_folder, tmp_path) -> pathlib.Path:
    return pathlib.Path(shutil.copytree(model_folder, tmp_path / "copy"))


def test_model_that_was_pushed_last_is_the_default(model_folder, tmp_path):
    for run, version in (("newer", "300"), ("older", "200"), ("newer", "100"), ("newer", "notes")):
        shutil.copytree(model_folder, tmp_path / run / "model" / version)
    # A version without its graph is incomplete.
    (tmp_path / "newest" / "model" / "400").mkdir(parents=True)
    assert find_model(str(tmp_path)) == str(tmp_path / "newer" / "model" / "300")


@pytest.mark.parametrize("named", ["", "200"])
def test_model_may_be_named_by_its_folder_of_versions(model_folder, tmp_path, named):
    for version in ("100", "200", "300"):
        shutil.copytree(model_folder, tmp_path / version)
    # Without its graph a version is incomplete.
    (tmp_path / "300" / "saved_model.pb").unlink()
    assert choose_model(str(tmp_path / named), "runs") == str(tmp_path / "200")


def test_no_pushed_model_is_told(tmp_path):
    with pytest.raises(UserError, match="no run has pushed a model there; type --model DIR"):
        find_model(str(tmp_path))


def test_what_an_earlier_version_did_not_write_has_a_default(model_folder, copy):
    path = copy / "assets.extra" / "model.json"
    description = json.loads(path.read_text())
    del description["min_frames"]
    path.write_text(json.dumps({**description, "further": 1}))
    (copy / "assets.extra" / "model_card.json").unlink()
    opened = open_model(str(copy))
    assert opened.description == open_model(str(model_folder)).description
    assert opened.card is None


def cut(path: pathlib.Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


DAMAGE = {
    "no description": (lambda folder: (folder / "assets.extra/model.json").unlink(), "no model of this pipeline"),
    "half a description": (lambda folder: cut(folder / "assets.extra/model.json"), "cannot be read as JSON"),
    "an empty description": (lambda folder: (folder / "assets.extra/model.json").write_text("{}"), "Field required"),
    "a list for one": (lambda folder: (folder / "assets.extra/model.json").write_text("[]"), "holds no object"),
    "half a card": (lambda folder: cut(folder / "assets.extra/model_card.json"), "cannot be read as JSON"),
    "no encoder": (lambda folder: (folder / "assets.extra/encoder.json").unlink(), "models of earlier versions"),
    "no graph": (lambda folder: (folder / "saved_model.pb").unlink(), "saved_model.pb is missing"),
    "half a graph": (lambda folder: cut(folder / "saved_model.pb"), "cannot be loaded"),
    "no weights": (lambda folder: shutil.rmtree(folder / "variables"), "cannot be loaded"),
    "half the weights": (lambda folder: cut(next((folder / "variables").glob("*.index"))), "cannot be loaded"),
    "another length": (lambda folder: write_brightness_model(folder, frames=10), "tells of 10 frames of 224 pixels"),
    "another size": (lambda folder: write_brightness_model(folder, frame_size=299), "and the model takes 20 of 224"),
    "no length": (lambda folder: write_brightness_model(folder, frames=0), "frames: Input should be"),
    "unknown faces": (
        lambda folder: write_brightness_model(folder, crop="face", face_detector="eyes"),
        "face_detector 'eyes' is none of",
    ),
    "unknown colours": (lambda folder: write_brightness_model(folder, hdr="linear"), "hdr: Input should be"),
    "another pipeline's": (lambda folder: write_brightness_model(folder, sampling="every"), "sampling: Input should"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_or_foreign_folder_is_one_line(copy, damage):
    do, words = DAMAGE[damage]
    do(copy)
    with pytest.raises(UserError) as told:
        ServedModel(open_model(str(copy)).path)
    assert words in str(told.value)
    assert str(copy) in str(told.value)
    assert len(str(told.value).splitlines()) == 1


def test_detector_that_needs_its_file_asks_for_it(copy):
    write_brightness_model(copy, crop="face", face_detector="yunet", face_model_digest="ab")
    with pytest.raises(UserError, match="faces were found by yunet; type --face-model FILE"):
        extraction_settings(open_model(str(copy)), cache_dir="", face_model="")


def test_faces_are_found_as_in_training(copy):
    write_brightness_model(copy, crop="face", face_detector="haar", sampling="bursts", min_frames=7)
    found = extraction_settings(open_model(str(copy)), cache_dir="cache", face_model="")
    assert (found.crop, found.face_detector, found.sampling, found.min_frames) == ("face", "haar", "bursts", 7)
    assert (found.encoder_path, found.cache_dir) == (str(copy), "cache")


@pytest.mark.e2e
def test_colours_are_those_of_the_training(copy):
    for described, expected in (({}, "as_sdr"), ({"hdr": "as_sdr"}, "as_sdr"), ({"hdr": "tone_map"}, "tone_map")):
        write_brightness_model(copy, **described)
        assert extraction_settings(open_model(str(copy)), cache_dir="", face_model="").hdr == expected


def test_no_folder_is_one_line(tmp_path):
    with pytest.raises(UserError, match="no such folder; give a version folder such as runs/NAME/model/VERSION"):
        open_model(str(tmp_path / "absent"))
