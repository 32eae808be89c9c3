"""What an index writes, and what it leaves alone."""

import json
import os

import pyarrow.parquet as pq
import pytest
from hostile_names import EXAMPLES, as_file_name, assert_harmless
from index_trees import left_out, make_files, manifest, refusal

EXPECTED = {"real/a.mp4": "REAL", "fake/b.mp4": "FAKE"}


@pytest.fixture
def data(tmp_path):
    make_files(tmp_path / "data", EXPECTED)
    return tmp_path / "data"


def test_kinds_of_manifests(tmp_path, data, deepfake):
    for name in ("m.csv", "m.jsonl", "m.ndjson", "m.parquet"):
        assert deepfake("index", "data", "--out", f"out/{name}")[0] == 0
    assert {uri: label for uri, (label,) in manifest(tmp_path / "out" / "m.csv", "label").items()} == EXPECTED
    lines = (tmp_path / "out" / "m.jsonl").read_text()
    assert {row["uri"]: row["label"] for row in map(json.loads, lines.splitlines())} == EXPECTED
    assert (tmp_path / "out" / "m.ndjson").read_text() == lines
    rows = pq.read_table(tmp_path / "out" / "m.parquet").to_pylist()
    assert rows == list(map(json.loads, lines.splitlines()))


def test_a_manifest_in_the_folder_is_no_part_of_it(tmp_path, data, deepfake):
    for _ in range(2):
        assert deepfake("index", "data", "--out", "data/m.csv", "--overwrite")[0] == 0
        assert left_out(data / "m.csv") == {}
    assert deepfake("index", "data", "--out", "m.csv")[0] == 0
    assert left_out(tmp_path / "m.csv") == {"m.csv": "no video"}


def test_nothing_is_overwritten_silently(tmp_path, data, deepfake):
    make_files(data, ["notes.txt"])
    assert deepfake("index", "data", "--out", "m.csv")[0] == 0
    before = (tmp_path / "m.csv").read_bytes()
    make_files(data, ["fake/c.mp4"])
    code, _, errors = deepfake("index", "data", "--out", "m.csv")
    assert code == 2
    assert errors == "deepfake: --out m.csv: m.csv is there already; give another name, or type --overwrite\n"
    assert (tmp_path / "m.csv").read_bytes() == before
    (data / "notes.txt").unlink()
    assert deepfake("index", "data", "--out", "m.csv", "--overwrite")[0] == 0
    assert len(manifest(tmp_path / "m.csv")) == 3
    assert not (tmp_path / "m.csv.left_out.csv").exists()
    # What an earlier one left out would be lost.
    (tmp_path / "n.csv.left_out.csv").touch()
    assert deepfake("index", "data", "--out", "n.csv")[0] == 2


@pytest.mark.parametrize("out", ["m.txt", "m", "taken.csv", "file/m.csv"])
def test_what_cannot_be_written_is_told_before_the_work(tmp_path, deepfake, out):
    (tmp_path / "taken.csv").mkdir()
    (tmp_path / "file").touch()
    # The work would fail, too: there is no data.
    line = refusal(deepfake("index", "nowhere", "--overwrite", "--out", out))
    assert line.startswith(f"deepfake: --out {out}: ")


def test_json_names_everything(tmp_path, data, deepfake):
    many = [f"clips/{number:02}.mp4" for number in range(20)]
    make_files(data, many)
    code, output, _ = deepfake("index", "data", "--out", "m.csv", "--json")
    found = json.loads(output)
    assert code == 0
    assert found["layout"] == "folders"
    assert found["labels"] == {"FAKE": 1, "REAL": 1}
    assert found["left_out"] == {"video in a folder that the layout does not have": many}


def test_hostile_names_are_listed_or_left_out(tmp_path, deepfake):
    names = sorted({f"{as_file_name(name)[:200]}.mp4" for name in EXAMPLES})
    make_files(tmp_path / "data", [f"{label}/{name}" for name in names for label in ("real", "fake")])
    (tmp_path / "data" / "real" / "pipe.mp4")
    code, output, errors = deepfake("index", "data", "--out", "m.csv")
    assert (code, errors) == (0, "")
    assert_harmless(output)
    listed, others = manifest(tmp_path / "m.csv", "label"), left_out(tmp_path / "m.csv")
    assert {*listed, *others} == {f"{label}/{name}" for name in names for label in ("real", "fake")}
    assert set(others.values()) <= {"name that no manifest can hold", "hidden"}
    assert all(uri.startswith(label.lower()) for uri, (label,) in listed.items())


def test_links_pipes_and_names_that_look_alike(tmp_path, data, deepfake):
    make_files(tmp_path, ["outside.mp4", "data/fake/caf\u00e9.mp4", "data/fake/cafe\u0301.mp4", "data/.git/x.mp4"])
    (data / "real" / "inside.mp4").symlink_to("a.mp4")
    (data / "real" / "outside.mp4").symlink_to(tmp_path / "outside.mp4")
    (data / "real" / "other.mp4").symlink_to(data / "fake" / "b.mp4")
    (data / "real" / "broken.mp4").symlink_to("gone.mp4")
    (data / "real" / "loop").symlink_to(data)
    os.mkfifo(data / "real" / "pipe.mp4")
    code, _, errors = deepfake("index", "data", "--out", "m.csv")
    assert (code, errors) == (0, "")
    assert set(manifest(tmp_path / "m.csv")) == {*EXPECTED, "real/inside.mp4"}
    assert left_out(tmp_path / "m.csv") == {
        "real/outside.mp4": "link that leads out of its folder",
        "real/other.mp4": "link that leads out of its folder",
        "real/broken.mp4": "link that leads nowhere",
        "real/loop/": "link to a folder",
        "real/pipe.mp4": "pipe, socket or device",
        "fake/caf\u00e9.mp4": "name that looks like another's",
        "fake/cafe\u0301.mp4": "name that looks like another's",
        ".git/": "hidden",
    }


def test_names_that_are_not_utf8_are_one_line(tmp_path, data, deepfake):
    (tmp_path / "data" / "fake" / os.fsdecode(b"\xff.mp4")).touch()
    line = refusal(deepfake("index", "data", "--out", "m.csv"))
    assert "is not UTF-8; rename the file, or remove it" in line
