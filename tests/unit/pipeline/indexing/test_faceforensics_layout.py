"""FaceForensics++ as its download script leaves it."""

import json

import pytest
from index_trees import left_out, make_files, manifest, refusal

YOUTUBE = "original_sequences/youtube/{}/videos/{}.mp4"
ACTORS = "original_sequences/actors/{}/videos/{}.mp4"
METHODS = ("Deepfakes", "Face2Face", "FaceShifter", "FaceSwap", "NeuralTextures")
FAKE = "manipulated_sequences/{}/{}/videos/{}.mp4"
# Video by uri: label, originals, official split, compression.
EXPECTED = {
    **{
        YOUTUBE.format(compression, number): ("REAL", "", split, compression)
        for compression in ("raw", "c0", "c23", "c40")
        for number, split in (("071", "train"), ("054", "train"), ("720", "val"), ("672", "val"), ("999", ""))
    },
    **{
        FAKE.format(method, compression, f"{target}_{source}"): (
            "FAKE",
            f"{target}.mp4;{source}.mp4",
            split,
            compression,
        )
        for method in METHODS
        for compression in ("c23", "c40")
        for target, source, split in (
            ("071", "054", "train"),
            ("054", "071", "train"),
            ("720", "672", "val"),
            ("000", "003", "test"),
            # Of two splits, or of none for certain.
            ("071", "003", ""),
            ("054", "999", ""),
        )
    },
    ACTORS.format("c23", "01__walking_outside"): ("REAL", "", "", "c23"),
    FAKE.format("DeepFakeDetection", "c23", "01_02__walking_outside__YVGY8LOK"): (
        "FAKE",
        "01__walking_outside.mp4;02__walking_outside.mp4",
        "",
        "c23",
    ),
}
NOT_UNDERSTOOD = {
    "manipulated_sequences/Deepfakes/masks/videos/071_054.mp4": "video in a folder that the layout does not have",
    "manipulated_sequences/NewMethod/c23/videos/071_054.mp4": "video in a folder that the layout does not have",
    "downloaded_videos/abc/abc.mp4": "video in a folder that the layout does not have",
    "manipulated_sequences/Deepfakes/c23/videos/071.mp4": "video with a name that the layout does not have",
    "original_sequences/youtube/c23/videos/71.mp4": "video with a name that the layout does not have",
    "manipulated_sequences/DeepFakeDetection/c23/videos/01__walking.mp4": (
        "video with a name that the layout does not have"
    ),
    "original_sequences/youtube/c23/images/071/0000.png": "no video",
    "manipulated_sequences/FaceSwap.zip": "archive, to be unpacked",
    ".DS_Store": "hidden",
}
SPLITS = {"train": [["071", "054"]], "val": [["720", "672"]], "test": [["000", "003"]]}


def write_splits(folder, splits=SPLITS):
    folder.mkdir(parents=True, exist_ok=True)
    for name, pairs in splits.items():
        (folder / f"{name}.json").write_text(json.dumps(pairs))


@pytest.mark.parametrize("lists", ["", "splits", "dataset/splits"])
@pytest.mark.parametrize("base", ["", "data/FaceForensics++/"])
@pytest.mark.parametrize("layout", ["faceforensics", "auto"])
def test_every_video_and_every_other_file(tmp_path, deepfake, layout, base, lists):
    make_files(tmp_path / "ff", [f"{base}{uri}" for uri in (*EXPECTED, *NOT_UNDERSTOOD)])
    write_splits(tmp_path / "ff" / base / lists)
    code, output, errors = deepfake("index", "ff", "--layout", layout, "--out", "m.csv")
    assert (code, errors) == (0, "")
    found = manifest(tmp_path / "m.csv", "label", "original", "split", "meta/compression")
    assert found == {f"{base}{uri}": cells for uri, cells in EXPECTED.items()}
    assert left_out(tmp_path / "m.csv") == {f"{base}{uri}": reason for uri, reason in NOT_UNDERSTOOD.items()}
    assert all(f"{base}{uri}" in output for uri in NOT_UNDERSTOOD)
    assert "layout     faceforensics: " in output


def test_suffixes_in_capitals_name_the_originals_as_they_are(tmp_path, deepfake):
    uris = [YOUTUBE.format("c23", "071").replace(".mp4", ".MP4"), FAKE.format("Deepfakes", "c23", "071_054")]
    make_files(tmp_path / "ff", uris)
    deepfake("index", "ff", "--out", "m.csv")
    assert manifest(tmp_path / "m.csv", "original") == {uris[0]: ("",), uris[1]: ("071.MP4;054.mp4",)}


def test_without_lists_there_is_no_split(tmp_path, deepfake):
    make_files(tmp_path / "ff", EXPECTED)
    deepfake("index", "ff", "--out", "m.csv")
    assert set(manifest(tmp_path / "m.csv", "split").values()) == {("",)}


@pytest.mark.parametrize(
    ("splits", "told"),
    [
        ({"train": [["071", "054"]], "test": [["054", "003"]]}, "test.json: 054 is in train.json, too"),
        ({"train": {"071": "054"}}, "train.json: holds {'071': '054'}"),
        ({"train": [["71", "54"]]}, "train.json: holds ['71', '54']"),
    ],
)
def test_lists_that_could_be_read_two_ways_are_refused(tmp_path, deepfake, splits, told):
    make_files(tmp_path / "ff", EXPECTED)
    write_splits(tmp_path / "ff", splits)
    line = refusal(deepfake("index", "ff", "--out", "m.csv"))
    assert told in line
    assert not (tmp_path / "m.csv").exists()


def test_two_copies_are_refused(tmp_path, deepfake):
    make_files(tmp_path, ["all/a/original_sequences/youtube/c23/videos/001.mp4", "all/b/manipulated_sequences/x.txt"])
    line = refusal(deepfake("index", "all", "--layout", "faceforensics", "--out", "m.csv"))
    assert "2 times, in 'a', 'b'" in line
