import json
import os
import pathlib
import shutil
import tempfile
from collections.abc import Callable

import pyarrow as pa
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from components.dataset.entries import VideoEntry
from components.dataset.sources import read_dataset
from components.errors import UserError

REAL = {"label": "REAL"}
FAKE = {"label": "FAKE"}
names = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="/\\"), min_size=1, max_size=20
).filter(lambda name: name not in (".", ".."))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
meta_keys = texts.filter(lambda key: key not in ("label", "split", "original"))


def refused(data_root: str) -> str:
    with pytest.raises(UserError) as error:
        read_dataset(data_root)
    assert len(str(error.value).splitlines()) == 1
    return str(error.value)


def test_one_folder(write_dataset: Callable[..., str]) -> None:
    metadata = {"b.mp4": {**FAKE, "original": "a.mp4", "actor": "Ann"}, "a.mp4": REAL, "gone.mp4": REAL}
    data_root = write_dataset(metadata, {"a.mp4": b"", "b.mp4": b"", "new.MOV": b"", "._a.mp4": b"", "readme.txt": b""})
    dataset = read_dataset(data_root)
    assert tuple(dataset.entries) == (
        VideoEntry("a.mp4", "REAL"),
        VideoEntry("b.mp4", "FAKE", ("a.mp4",), {"actor": "Ann"}),
        VideoEntry("gone.mp4", "REAL"),
    )
    assert (tuple(dataset.source.listings), dataset.pattern) == (("",), "*")
    assert dataset.missing == ("gone.mp4",)
    assert dataset.videos.uri.take(pa.array(dataset.present)).to_pylist() == ["a.mp4", "b.mp4"]
    assert dataset.unlisted == ("new.MOV",)


def test_several_folders_and_one_that_is_none(write_dataset: Callable[..., str]) -> None:
    write_dataset({"a.mp4": REAL}, {"a.mp4": b""}, folder="part_1")
    write_dataset({"a.mp4": FAKE}, {"b.mp4": b""}, folder="part_0")
    write_dataset(files={"c.mp4": b""}, folder="notes")
    dataset = read_dataset(write_dataset(folder=".cache"))
    assert [entry.uri for entry in dataset.entries] == ["part_0/a.mp4", "part_1/a.mp4"]
    assert (tuple(dataset.source.listings), dataset.pattern) == (("part_0", "part_1"), "*/*")
    assert dataset.source.ignored_folders == ("notes",)
    assert (dataset.missing, dataset.unlisted) == (("part_0/a.mp4",), ("part_0/b.mp4",))


def test_a_file_system_that_is_not_local() -> None:
    tf.io.gfile.makedirs("ram://data/part_0")
    metadata = json.dumps({"a.mp4": REAL, "b.mp4": FAKE})
    for name, content in {"metadata.json": metadata, "a.mp4": ""}.items():
        with tf.io.gfile.GFile(f"ram://data/part_0/{name}", "w") as file:
            file.write(content)
    dataset = read_dataset("ram://data")
    assert [entry.uri for entry in dataset.entries] == ["part_0/a.mp4", "part_0/b.mp4"]
    assert dataset.missing == ("part_0/b.mp4",)


def test_a_byte_order_mark_does_no_harm(write_dataset: Callable[..., str]) -> None:
    assert len(read_dataset(write_dataset("\ufeff" + json.dumps({"a.mp4": REAL})))) == 1


@pytest.mark.e2e
@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        names, st.tuples(st.sampled_from(["FAKE", "REAL"]), st.dictionaries(meta_keys, texts, max_size=3)), min_size=1
    )
)
def test_whatever_is_written_is_read(listed: dict[str, tuple[str, dict[str, str]]]) -> None:
    metadata = {name: {"label": label, **meta} for name, (label, meta) in listed.items()}
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "metadata.json").write_text(json.dumps(metadata))
        entries = tuple(read_dataset(folder).entries)
    assert entries == tuple(VideoEntry(name, *listed[name][:1], (), listed[name][1]) for name in sorted(listed))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('{"a.mp4": {"label": "REAL"}\n"b', ["line 2, column 1"]),
        ("", ["line 1, column 1"]),
        ("[" * 100_000, ["not usable JSON"]),
        ('{"a.mp4": {"label": "REAL", "take": ' + "1" * 5000 + "}}", ["not usable JSON"]),
        ('["a.mp4"]', ["['a.mp4']", "object"]),
        ("null", ["None", "object"]),
        ("{}", ["lists no videos"]),
        ('{"a.mp4": {"label": "REAL"}, "a.mp4": {"label": "FAKE"}}', ["'a.mp4' is there twice", "'FAKE'"]),
        ('{"a.mp4": {"label": "REAL", "label": "FAKE"}}', ["'label' is there twice, as 'REAL' and 'FAKE'"]),
        ('{"../evil.mp4": {"label": "REAL"}}', ["'../evil.mp4' is a path", "plain file names"]),
        ('{"/etc/passwd": {"label": "REAL"}}', ["'/etc/passwd' is a path"]),
        ('{"a.mp4": {"label": "fake"}}', ["'a.mp4'", "'fake'", "did you mean FAKE?"]),
        ('{"a.mp4": {"label": "FAKE", "original": "b.mp4"}, "b.mp4": {"label": "FAKE"}}', ["'b.mp4' is itself FAKE"]),
    ],
)
def test_wrong_metadata_names_the_file_and_what_is_wrong(
    write_dataset: Callable[..., str], text: str, parts: list[str]
) -> None:
    data_root = write_dataset(text)
    message = refused(data_root)
    assert message.startswith(f"{data_root}/metadata.json: ")
    assert all(part in message for part in parts), message
    assert len(message) < 400


def test_the_first_wrong_entry_and_how_many_more(write_dataset: Callable[..., str]) -> None:
    write_dataset({"a.mp4": REAL, "b.mp4": {"label": "real"}, "c.mp4": {}}, folder="part_0")
    message = refused(write_dataset({"../d.mp4": REAL}, folder="part_1"))
    assert "part_0/metadata.json: 'b.mp4': label 'real'" in message
    assert message.endswith("(and 2 more wrong entries)")


def test_a_file_that_is_not_utf_8(write_dataset: Callable[..., str]) -> None:
    assert "byte 2 is not UTF-8" in refused(write_dataset(files={"metadata.json": b'{"\xff.mp4": {}}'}))


def test_links(write_dataset: Callable[..., str], tmp_path: pathlib.Path) -> None:
    data_root = write_dataset({"inside.mp4": REAL, "circle.mp4": REAL}, {"a.mp4": b""})
    home = pathlib.Path(data_root)
    (home / "inside.mp4").symlink_to("a.mp4")
    (home / "circle.mp4").symlink_to("circle.mp4")
    assert read_dataset(data_root).missing == ("circle.mp4",)

    (tmp_path / "secret.mp4").touch()
    (home / "outside.mp4").symlink_to(tmp_path / "secret.mp4")
    write_dataset({"outside.mp4": REAL})
    assert "'outside.mp4' is a link to" in refused(data_root)
    (tmp_path / "secret.mp4").unlink()
    assert "outside its folder" in refused(data_root), "even where the target is gone"


def test_what_is_not_a_file_is_missing(write_dataset: Callable[..., str]) -> None:
    data_root = write_dataset({"folder.mp4": REAL})
    (pathlib.Path(data_root) / "folder.mp4").mkdir()
    assert read_dataset(data_root).missing == ("folder.mp4",)


def test_what_is_no_file_at_all_is_told_as_such(write_dataset: Callable[..., str]) -> None:
    data_root = write_dataset({"pipe.mp4": REAL})
    os.mkfifo(os.path.join(data_root, "pipe.mp4"))
    assert "'pipe.mp4' is a pipe, not a file; put the video in its place, or unlist it" in refused(data_root)
    os.remove(os.path.join(data_root, "metadata.json"))
    os.mkdir(os.path.join(data_root, "part"))
    os.mkfifo(os.path.join(data_root, "part", "metadata.json"))
    assert "part/metadata.json: a pipe, not a file; put a list of the videos in its place" in refused(data_root)


def test_there_is_no_data_set(write_dataset: Callable[..., str], tmp_path: pathlib.Path) -> None:
    wrong = str(tmp_path / "wrong")
    assert refused(wrong).startswith(f"'{wrong}' is not there; check the path")
    empty = write_dataset()
    assert refused(empty).startswith(f"{empty}: is empty; put the videos")
    without = write_dataset(files={"a.mp4": b""}, folder="part_0")
    assert refused(without).startswith(f"{without}: no metadata.json in it or in its folders; write one")
    other = write_dataset(files={"part_metadata.json": b"{}"})
    assert "rename it to metadata.json" in refused(other)
    higher = write_dataset({"a.mp4": REAL}, folder="train/part_0")
    assert refused(higher).endswith(f"give {higher}/train")
    assert refused(f"{higher}/train/part_0/metadata.json").endswith(f"give the folder instead: {higher}/train/part_0")


def test_an_address_of_an_unknown_kind() -> None:
    message = refused("unknown://bucket/data")
    assert message.startswith("unknown://bucket/data: cannot be reached (")
    assert message.endswith("check the address and your access")


def test_metadata_on_two_levels(write_dataset: Callable[..., str]) -> None:
    write_dataset({"a.mp4": REAL}, folder="part_0")
    data_root = write_dataset({"b.mp4": REAL})
    message = refused(data_root)
    assert message.startswith(f"{data_root}: holds metadata.json and so does its folder 'part_0'")


def test_a_file_name_that_is_not_utf_8(write_dataset: Callable[..., str]) -> None:
    data_root = write_dataset({"a.mp4": REAL})
    with open(data_root.encode() + b"/\xff\n.mp4", "w"):
        pass
    assert r"the name '\udcff\n.mp4' is not UTF-8; rename" in refused(data_root)


@pytest.mark.parametrize(
    ("file", "videos", "fakes"), [("metadata.json", 400, 323), ("dfdc_train_part_3_metadata.json", 1455, 1236)]
)
def test_the_lists_of_dfdc(
    shared_data: pathlib.Path, tmp_path: pathlib.Path, file: str, videos: int, fakes: int
) -> None:
    shutil.copy(shared_data / "dfdc_metadata" / file, tmp_path / "metadata.json")
    dataset = read_dataset(str(tmp_path))
    assert len(dataset) == len(dataset.missing) == videos
    assert sum(entry.label == "FAKE" for entry in dataset.entries) == fakes
    assert all(entry.originals for entry in dataset.entries if entry.label == "FAKE")
