"""What an index writes is what the rest reads."""

import json

import pytest
import test_celeb_df_layout
import test_faceforensics_layout
import test_fakeavceleb_layout
from hostile_names import EXAMPLES, as_file_name
from index_trees import make_files, manifest

from components.dataset.sources import read_dataset
from components.dataset.splitting.groups import connected_groups

HOSTILE = sorted({f"{as_file_name(name)[:200]}.mp4" for name in (*EXAMPLES, "NA", "null", "1e5", "2020-01-01", " a ")})
# Groups by the smallest name in them.
GROUPS = {
    "faceforensics": {"000.mp4", "672.mp4", "01__walking_outside.mp4"},
    "celeb-df": {"id0_0000.mp4", "id1_0001.mp4", "id5_0003.mp4", "id61_0009.mp4", "00000.mp4", "00170.mp4"},
    "fakeavceleb": {"id00076", "id00366"},
}


def make(folder, layout):
    if layout == "faceforensics":
        make_files(folder, test_faceforensics_layout.EXPECTED)
        test_faceforensics_layout.write_splits(folder)
    elif layout == "celeb-df":
        make_files(folder, test_celeb_df_layout.EXPECTED)
        (folder / "List_of_testing_videos.txt").write_text(test_celeb_df_layout.LIST)
    elif layout == "fakeavceleb":
        make_files(folder, test_fakeavceleb_layout.EXPECTED)
        test_fakeavceleb_layout.write_list(folder)
    else:
        make_files(folder, [f"{label}/{name}" for name in HOSTILE for label in ("real", "fake")])


@pytest.mark.parametrize("layout", ["faceforensics", "celeb-df", "fakeavceleb", "folders"])
def test_every_row_in_every_kind_of_manifest(tmp_path, deepfake, layout):
    make(tmp_path / "data", layout)
    read = []
    for suffix in ("csv", "jsonl", "parquet"):
        assert deepfake("index", "data", "--out", f"m.{suffix}")[0] == 0
        dataset = read_dataset("data", f"m.{suffix}")
        assert len(dataset.missing) == 0
        read.append([(entry, tuple(entry.meta.items())) for entry in dataset.entries])
    assert read[0] == read[1] == read[2]
    assert [entry.uri for entry, _ in read[0]] == list(manifest(tmp_path / "m.csv"))
    if layout in GROUPS:
        assert set(connected_groups(dataset.videos, "original").names.to_pylist()) == GROUPS[layout]


def test_health(tmp_path, deepfake, write_video):
    for number in range(24):
        label = ("real", "fake")[number % 2]
        write_video(f"data/{label}/{label}_{number}.mp4", frames=5, width=64, height=48, seed=number)
    (tmp_path / "data" / "notes.txt").touch()
    code, output, _ = deepfake("index", "data", "--out", "m.csv")
    assert code == 0
    assert "24 videos in 24 groups by original" in output
    assert "24 of 24 opened" in output
    code, output, _ = deepfake("index", "data", "--out", "m.csv", "--overwrite", "--json")
    found = json.loads(output)
    assert found["left_out"] == {"no video": ["notes.txt"]}
    assert found["health"]["labels"] == {"FAKE": 12, "REAL": 12}
    code, output, _ = deepfake("check", "data", "--set", "data.manifest=m.csv", "--json", "--no-estimate")
    assert json.loads(output) == found["health"]
