"""Celeb-DF, both versions."""

import pytest
from index_trees import left_out, make_files, manifest, refusal

# Video by uri: label, original, official split, identity, donor.
EXPECTED = {
    "Celeb-real/id0_0000.mp4": ("REAL", "", "train", "id0", ""),
    "Celeb-real/id1_0001.mp4": ("REAL", "", "test", "id1", ""),
    "Celeb-real/id61_0009.mp4": ("REAL", "", "train", "id61", ""),
    "YouTube-real/00000.mp4": ("REAL", "", "train", "", ""),
    "YouTube-real/00170.mp4": ("REAL", "", "test", "", ""),
    "Celeb-synthesis/id0_id1_0000.mp4": ("FAKE", "id0_0000.mp4", "train", "id0", "id1"),
    "Celeb-synthesis/id1_id0_0001.mp4": ("FAKE", "id1_0001.mp4", "test", "id1", "id0"),
    # Its original was not downloaded.
    "Celeb-synthesis/id5_id61_0003.mp4": ("FAKE", "id5_0003.mp4", "train", "id5", "id61"),
}
LIST = "1 YouTube-real/00170.mp4\n1 Celeb-real/id1_0001.mp4\n0 Celeb-synthesis/id1_id0_0001.mp4\n"
NOT_UNDERSTOOD = {
    "Celeb-real/id0.mp4": "video with a name that the layout does not have",
    "Celeb-fake/id0_id1_0000.mp4": "video in a folder that the layout does not have",
    "Celeb-synthesis/old/id0_id1_0000.mp4": "video in a folder that the layout does not have",
    "Celeb-real/id0_0000.txt": "no video",
    "Celeb-DF-v2.zip": "archive, to be unpacked",
}
COLUMNS = ("label", "original", "split", "meta/identity", "meta/donor")


@pytest.mark.parametrize("layout", ["celeb-df", "auto"])
def test_every_video_and_every_other_file(tmp_path, deepfake, layout):
    make_files(tmp_path / "celeb", [*EXPECTED, *NOT_UNDERSTOOD])
    (tmp_path / "celeb" / "List_of_testing_videos.txt").write_text(LIST + "\n1 YouTube-real/00299.mp4\n")
    code, output, errors = deepfake("index", "celeb", "--layout", layout, "--out", "m.csv")
    assert (code, errors) == (0, "")
    assert manifest(tmp_path / "m.csv", *COLUMNS) == EXPECTED
    absent = {"YouTube-real/00299.mp4": "in the list, but not there"}
    assert left_out(tmp_path / "m.csv") == NOT_UNDERSTOOD | absent
    assert "splits     test 3, train 5" in output


def test_folders_in_other_spellings_and_with_a_folder_of_videos(tmp_path, deepfake):
    spelt = {uri.replace("YouTube", "Youtube").replace("/", "/videos/"): cells for uri, cells in EXPECTED.items()}
    make_files(tmp_path / "celeb", spelt)
    (tmp_path / "celeb" / "List_of_testing_videos.txt").write_text(LIST)
    assert deepfake("index", "celeb", "--out", "m.csv")[0] == 0
    assert manifest(tmp_path / "m.csv", *COLUMNS) == spelt


def test_without_the_list_there_is_no_split(tmp_path, deepfake):
    make_files(tmp_path / "celeb", EXPECTED)
    deepfake("index", "celeb", "--out", "m.csv")
    assert set(manifest(tmp_path / "m.csv", "split").values()) == {("",)}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("0 YouTube-real/00170.mp4", "says FAKE, since 1 means real, of a video in YouTube-real"),
        ("1 Celeb-synthesis/id1_id0_0001.mp4", "says REAL, since 1 means real, of a video in Celeb-synthesis"),
        ("YouTube-real/00170.mp4", "a line is like 1 YouTube-real/00170.mp4"),
        ("2 YouTube-real/00170.mp4", "a line is like 1 YouTube-real/00170.mp4"),
    ],
)
def test_a_list_that_contradicts_the_folders_is_refused(tmp_path, deepfake, line, told):
    make_files(tmp_path / "celeb", EXPECTED)
    (tmp_path / "celeb" / "List_of_testing_videos.txt").write_text(f"{LIST}{line}\n")
    error = refusal(deepfake("index", "celeb", "--out", "m.csv"))
    assert "line 4" in error
    assert told in error
    assert not (tmp_path / "m.csv").exists()
