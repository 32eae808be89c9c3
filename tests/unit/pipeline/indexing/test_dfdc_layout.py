"""The Deepfake Detection Challenge, whose parts hold a metadata.json each."""

import json

import pytest
from index_trees import left_out, make_files, manifest, refusal

PARTS = {
    "dfdc_train_part_00/dfdc_train_part_0": {
        "aa.mp4": {"label": "FAKE", "split": "train", "original": "bb.mp4"},
        "bb.mp4": {"label": "REAL", "split": "train", "original": None},
        "gone.mp4": {"label": "REAL", "split": "train"},
    },
    "dfdc_train_part_1": {
        "cc.mp4": {"label": "REAL", "split": "test", "actor": 7},
        "dd.mp4": {"label": "FAKE", "split": "test", "original": "cc.mp4"},
    },
}
EXPECTED = {
    "dfdc_train_part_00/dfdc_train_part_0/aa.mp4": ("FAKE", "bb.mp4", "train", ""),
    "dfdc_train_part_00/dfdc_train_part_0/bb.mp4": ("REAL", "", "train", ""),
    "dfdc_train_part_1/cc.mp4": ("REAL", "", "test", "7"),
    "dfdc_train_part_1/dd.mp4": ("FAKE", "cc.mp4", "test", ""),
}


@pytest.fixture
def dfdc(tmp_path):
    make_files(tmp_path / "dfdc", EXPECTED)
    for part, entries in PARTS.items():
        (tmp_path / "dfdc" / part / "metadata.json").write_text(json.dumps(entries))
    return tmp_path / "dfdc"


@pytest.mark.parametrize("layout", ["dfdc", "auto"])
def test_every_video_and_every_other_file(tmp_path, dfdc, deepfake, layout):
    unknown = {
        "dfdc_train_part_1/ee.mp4": "not in the list",
        "loose.mp4": "video in a folder that the layout does not have",
        "dfdc_train_part_1/notes.txt": "no video",
        "dfdc_train_part_2.zip": "archive, to be unpacked",
    }
    make_files(dfdc, unknown)
    code, _, errors = deepfake("index", "dfdc", "--layout", layout, "--out", "m.csv")
    assert (code, errors) == (0, "")
    assert manifest(tmp_path / "m.csv", "label", "original", "split", "meta/actor") == EXPECTED
    absent = {"dfdc_train_part_00/dfdc_train_part_0/gone.mp4": "in the list, but not there"}
    assert left_out(tmp_path / "m.csv") == unknown | absent


def test_a_wrong_entry_is_one_line(tmp_path, dfdc, deepfake):
    (dfdc / "dfdc_train_part_1" / "metadata.json").write_text('{"cc.mp4": {"label": "fake"}}')
    line = refusal(deepfake("index", "dfdc", "--out", "m.csv"))
    assert "'cc.mp4': label 'fake' is unknown; did you mean FAKE?" in line
    assert not (tmp_path / "m.csv").exists()


def test_an_original_that_would_be_read_as_two_is_left_out(tmp_path, dfdc, deepfake):
    (dfdc / "dfdc_train_part_1" / "metadata.json").write_text(
        json.dumps({"cc.mp4": {"label": "REAL"}, "dd.mp4": {"label": "FAKE", "original": "a;b.mp4"}})
    )
    deepfake("index", "dfdc", "--out", "m.csv")
    assert left_out(tmp_path / "m.csv")["dfdc_train_part_1/dd.mp4"] == "original whose name holds ;"


def test_the_sample_of_kaggle(tmp_path, shared_data, deepfake):
    text = (shared_data / "dfdc_metadata" / "metadata.json").read_text()
    make_files(tmp_path / "sample", json.loads(text))
    (tmp_path / "sample" / "metadata.json").write_text(text)
    assert deepfake("index", "sample", "--out", "m.csv")[0] == 0
    found = manifest(tmp_path / "m.csv", "label", "original")
    assert found == {name: (fields["label"], fields["original"] or "") for name, fields in json.loads(text).items()}
