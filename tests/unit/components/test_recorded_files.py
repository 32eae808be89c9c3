"""What is no longer as it was recorded is noticed, whatever happened to it."""

import os
import pathlib

import pytest
import tensorflow as tf

from components.recorded_files import files_from_json, files_to_json, find_damage, record_files


@pytest.fixture
def folder(tmp_path) -> pathlib.Path:
    path = tmp_path / "artifact[1]"
    for name, content in {"Split-eval/data.gz": b"records", "metadata.json": b"{}", "empty": b""}.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def flip(path: pathlib.Path) -> None:
    content = bytearray(path.read_bytes())
    content[0] ^= 1
    path.write_bytes(content)


def make_pipe(path: pathlib.Path) -> None:
    path.unlink()
    os.mkfifo(path)


DAMAGE = {
    "nothing": (lambda folder: None, ""),
    "cut": (lambda folder: (folder / "metadata.json").write_bytes(b"{"), "metadata.json has 1 bytes, not 2"),
    "flipped": (lambda folder: flip(folder / "Split-eval" / "data.gz"), "Split-eval/data.gz is not as it was written"),
    "missing": (lambda folder: (folder / "metadata.json").unlink(), "metadata.json is missing"),
    "added": (lambda folder: (folder / "Split-eval" / "more.gz").touch(), "Split-eval/more.gz was added"),
    "a pipe": (lambda folder: make_pipe(folder / "metadata.json"), "metadata.json has 0 bytes, not 2"),
    "an empty pipe": (lambda folder: make_pipe(folder / "empty"), ""),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_every_change_is_told(folder, damage):
    change, words = DAMAGE[damage]
    files = files_from_json(files_to_json(record_files(str(folder))))
    change(folder)
    assert find_damage(str(folder), files, others=False) == words
    assert find_damage(str(folder), files) == ("" if damage == "added" else words)
    assert find_damage(str(folder), files, content=False) == ("" if damage in ("added", "flipped") else words)


def test_a_folder_that_is_gone_is_damaged_and_an_empty_one_may_be_whole(folder, tmp_path):
    assert find_damage(str(tmp_path / "gone"), record_files(str(folder))) == "Split-eval/data.gz is missing"
    assert find_damage(str(tmp_path / "gone"), {}) == ""


def test_temporary_folders_of_beam_do_not_count(folder):
    files = record_files(str(folder))
    (folder / "Split-eval" / "beam-temp-data-1").mkdir()
    (folder / "Split-eval" / "beam-temp-data-1" / "shard").touch()
    assert record_files(str(folder)) == files
    assert find_damage(str(folder), files, others=False) == ""


def test_in_a_bucket_sizes_are_recorded(tmp_path):
    folder = f"ram://{tmp_path.name}/artifact"
    tf.io.gfile.makedirs(f"{folder}/a")
    with tf.io.gfile.GFile(f"{folder}/a/b", "w") as file:
        file.write("content")
    assert record_files(folder) == {"a/b": (7, "")}
    assert record_files(folder, content=True)["a/b"].digest.startswith("ed7002b4")
    assert find_damage(folder, record_files(folder)) == ""


def test_earlier_artifacts_have_no_record():
    assert files_from_json("") is None
    assert files_from_json(None) is None
