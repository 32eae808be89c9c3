"""Folders that are named after what is in them."""

import pytest
from index_trees import left_out, make_files, manifest

PLACE = "video in a folder that the layout does not have"


@pytest.mark.parametrize(
    ("folder", "label"),
    [
        *((name, "REAL") for name in ("real", "REAL", "0_real", "Original", "originals", "genuine", "pristine")),
        *(
            (name, "REAL")
            for name in ("authentic", "real_videos", "train-real", "bona-fide", "Real Videos", "a/b/real")
        ),
        *((name, "FAKE") for name in ("fake", "Fakes", "1_fake", "forged", "manipulated", "deepfake", "DeepFakes")),
        *((name, "FAKE") for name in ("synthesized", "Face2Face", "fake/Face2Face", "fake_videos", "fake/a/b/c")),
        *((name, "") for name in ("0", "1", "yes", "no", "true", "false", "real_vs_fake", "not_fake", "unreal", "df")),
        *((name, "") for name in ("really", "people", "real2fake", "fake-real")),
    ],
)
def test_names(tmp_path, deepfake, folder, label):
    make_files(tmp_path / "data", [f"{folder}/a.mp4", "real/r.mp4", "fake/f.mp4"])
    code, _, errors = deepfake("index", "data", "--layout", "folders", "--out", "m.csv")
    assert (code, errors) == (0, "")
    assert manifest(tmp_path / "m.csv", "label").get(f"{folder}/a.mp4", ("",)) == (label,)
    assert left_out(tmp_path / "m.csv") == ({} if label else {f"{folder}/a.mp4": PLACE})


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
