"""Folders that are named after what is in them."""

import pytest
from index_trees import left_out, make_files, manifest

PLACE = "video in a folder that the layout does not have"


REAL = (
    *("real", "REAL", "0_real", "Original", "originals", "genuine", "pristine", "authentic", "real_videos"),
    *("train-real", "bona-fide", "Real Videos", "a/b/real"),
)
FAKE = (
    *("fake", "Fakes", "1_fake", "forged", "manipulated", "deepfake", "DeepFakes", "synthesized", "Face2Face"),
    *("fake/Face2Face", "fake_videos", "fake/a/b/c"),
)
NEITHER = (
    *("0", "1", "yes", "no", "true", "false", "real_vs_fake", "not_fake", "unreal", "df", "really", "people"),
    *("real2fake", "fake-real"),
)


def test_names(tmp_path, deepfake):
    make_files(tmp_path / "data", [f"{folder}/a.mp4" for folder in (*REAL, *FAKE, *NEITHER)])
    code, _, errors = deepfake("index", "data", "--layout", "folders", "--out", "m.csv")
    assert (code, errors) == (0, "")
    assert manifest(tmp_path / "m.csv", "label") == {
        **{f"{folder}/a.mp4": ("REAL",) for folder in REAL},
        **{f"{folder}/a.mp4": ("FAKE",) for folder in FAKE},
    }
    assert left_out(tmp_path / "m.csv") == {f"{folder}/a.mp4": PLACE for folder in NEITHER}


@pytest.mark.parametrize("layout", ["folders", "auto"])
def test_every_video_and_every_other_file(tmp_path, deepfake, layout):
    expected = {
        "train/real/a.mp4": ("REAL", "train"),
        "train/fake/Deepfakes/a.MP4": ("FAKE", "train"),
        "val/0_real/b.mov": ("REAL", "val"),
        "test/1_fake/c.webm": ("FAKE", "test"),
        "further/fake/d.mkv": ("FAKE", ""),
        "train/test/real/e.mp4": ("REAL", ""),
    }
    unknown = {
        "loose.mp4": PLACE,
        "train/real/fake/f.mp4": "video below a folder of real and one of fake videos",
        "train/real/notes.txt": "no video",
        "train/fake/more.tar.gz": "archive, to be unpacked",
        "train/real/._a.mp4": "hidden",
    }
    make_files(tmp_path / "data", [*expected, *unknown])
    code, output, errors = deepfake("index", "data", "--layout", layout, "--out", "m.csv")
    assert (code, errors) == (0, "")
    assert manifest(tmp_path / "m.csv", "label", "split") == expected
    assert left_out(tmp_path / "m.csv") == unknown
    assert "3 FAKE, 3 REAL" in output


def test_names_that_the_user_tells(tmp_path, deepfake):
    make_files(tmp_path / "data", ["0/a.mp4", "1/b.mp4", "2/c.mp4"])
    assert deepfake("index", "data", "--layout", "folders", "--out", "m.csv")[0] == 2
    told = ("--fake-values", "1,2", "--real-values", "0")
    assert deepfake("index", "data", "--layout", "folders", *told, "--out", "m.csv")[0] == 0
    found = manifest(tmp_path / "m.csv", "label")
    assert found == {"0/a.mp4": ("REAL",), "1/b.mp4": ("FAKE",), "2/c.mp4": ("FAKE",)}
    code, _, errors = deepfake("index", "data", "--fake-values", "1", "--real-values", "1,0", "--out", "n.csv")
    assert code == 2
    assert "'1' is among --fake-values and --real-values" in errors
