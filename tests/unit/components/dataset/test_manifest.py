"""A manifest lists videos at any depth, in any of its formats."""

import contextlib
import csv
import gzip
import json
import os
import pathlib
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from components.dataset.entries import EntryError, VideoEntry
from components.dataset.manifest import entry_of
from components.dataset.sources import Dataset, read_dataset
from components.dataset.splitting.groups import connected_groups
from components.dataset.splitting.rules import SplitRules
from components.errors import UserError

SUFFIXES = ("csv", "csv.gz", "jsonl", "ndjson", "parquet")
Row = dict[str, Any]
Write = Callable[..., str]

plain = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="/\\"), min_size=1, max_size=9
)
parts = plain.filter(lambda name: name not in (".", "..") and ":" not in name)
uris = st.lists(parts, min_size=1, max_size=4).map("/".join)
texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=9)
rows = st.lists(
    st.fixed_dictionaries(
        {"uri": uris, "label": st.sampled_from(["REAL", "FAKE"])},
        optional={"group_id": texts, "split": texts, "actor": texts},
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: pa.compute.utf8_normalize(pa.array([row["uri"]]), form="NFC")[0].as_py(),
)


def write_table(path: pathlib.Path, listed: list[Row]) -> str:
    columns = list(dict.fromkeys(name for row in listed for name in row))
    opened = gzip.open if path.name.endswith(".gz") else open
    if path.name.endswith(".parquet"):
        parquet.write_table(pa.table({name: [row.get(name) for row in listed] for name in columns}), path)
    elif ".csv" in path.name:
        with opened(path, "wt", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(listed)
    else:
        with opened(path, "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in listed)
    return str(path)


@pytest.fixture
def read(tmp_path: pathlib.Path) -> Callable[..., Dataset]:
    """Writes a manifest and files, and reads them."""
    root = tmp_path / "data"

    def write_and_read(listed: list[Row] | str, *files: str, suffix: str = "csv", **rules: str) -> Dataset:
        root.mkdir(exist_ok=True)
        for name in files:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).touch()
        path = tmp_path / f"list.{suffix}"
        if isinstance(listed, str):
            path.write_text(listed, encoding="utf-8")
        else:
            write_table(path, listed)
        return read_dataset(str(root), str(path), SplitRules(**rules))  # type: ignore[arg-type]

    return write_and_read


@pytest.fixture
def refusal(read: Callable[..., Dataset]) -> Callable[..., str]:
    """Returns the one line that refuses a manifest."""

    def refuse(text: str, **how: str) -> str:
        with pytest.raises(UserError) as error:
            read(text, **how)
        (line,) = str(error.value).splitlines()
        return line

    return refuse


@settings(max_examples=30, deadline=None)
@given(rows, st.sampled_from(SUFFIXES))
def test_whatever_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, listed: list[Row], suffix: str) -> None:
    folder = tmp_path_factory.mktemp("list")
    dataset = read_dataset(str(folder), write_table(folder / f"list.{suffix}", listed))
    assert list(dataset.entries) == [
        VideoEntry(
            row["uri"],
            row["label"],
            meta={"actor": row["actor"]} if "actor" in row else {},
            group_id=row.get("group_id"),
            split=row.get("split"),
        )
        for row in listed
    ]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_videos_at_any_depth(read: Callable[..., Dataset], suffix: str) -> None:
    listed = [
        {"uri": "a.mp4", "label": "REAL"},
        {"uri": "one/two/three/f.mp4", "label": "FAKE", "original": "a.mp4"},
        {"uri": "one/gone.mp4", "label": "REAL", "actor": "Ann"},
        {"uri": "nowhere/a.mp4", "label": "REAL"},
    ]
    dataset = read(listed, "a.mp4", "one/two/three/f.mp4", "one/new.mov", "other/new.mp4", suffix=suffix)
    assert dataset.uris(dataset.missing) == ("nowhere/a.mp4", "one/gone.mp4")
    assert dataset.uris(dataset.present) == ("a.mp4", "one/two/three/f.mp4")
    assert dataset.unlisted == ("one/new.mov",)


def test_columns_beside_the_usual_ones_become_meta(read: Callable[..., Dataset]) -> None:
    listed = [{"uri": "a.mp4", "label": "REAL", "take": 3, "score": 0.5, "meta/live": True, "none": None, "empty": ""}]
    (entry,) = read(listed, suffix="jsonl").entries
    assert entry.meta == {"take": "3", "score": "0.5", "live": "true"}
    assert read(listed, suffix="jsonl").videos.meta_columns == ("live", "score", "take")


def test_one_fake_of_several_originals(read: Callable[..., Dataset]) -> None:
    real = [{"uri": f"r/{name}.mp4", "label": "REAL"} for name in "abc"]
    fake = {"uri": "f/x.mp4", "label": "FAKE", "original": "r/a.mp4;r/b.mp4"}
    assert len(connected_groups(read([*real, fake]).videos, "original")) == 2
    fake["original"] = ["r/a.mp4", "r/c.mp4"]
    assert len(connected_groups(read([*real, fake], suffix="jsonl").videos, "original")) == 2


def test_same_name_in_two_folders_is_two_videos(read: Callable[..., Dataset]) -> None:
    listed = [{"uri": f"{folder}/a.mp4", "label": "REAL", "group_id": folder} for folder in ("one", "two")]
    dataset = read(listed, "one/a.mp4", "two/a.mp4")
    assert len(dataset) == len(connected_groups(dataset.videos, "original")) == 2


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        ("", ["no column 'uri'"]),
        ("uri;label\na.mp4;REAL\n", ["no column 'uri'", "'uri;label'"]),
        ("uri,label\n", ["lists no videos"]),
        ("uri,label,\na.mp4,REAL,\n", ["column 3 has no name"]),
        ("uri,label,x,x\na.mp4,REAL,1,2\n", ["column 'x' is there twice"]),
        ("uri,label\na.mp4,REAL\nb.mp4\n", ["line 3", "has 1 cells, the first line has 2"]),
        ('uri,label\n"a\n.mp4",REAL\n', ["line 2", "control character"]),
        ('uri,label\n"a.mp4,REAL\n', ["not CSV"]),
        ("uri,label\na.mp4,real\n", ["line 2: 'a.mp4': label 'real' is unknown; did you mean REAL?"]),
        ("uri,label\na.mp4,1\n", ["label '1' is unknown"]),
        ("uri,label\na.mp4,\n", ["label is missing"]),
        ("uri,label\n,REAL\n", ["line 2: uri is missing"]),
        ("uri,label\n/etc/a.mp4,REAL\n", ["does not start at data.root"]),
        ("uri,label\ngs://b/a.mp4,REAL\n", ["does not start at data.root"]),
        ("uri,label\nC:\\a.mp4,REAL\n", ["holds \\"]),
        ("uri,label\n../a.mp4,REAL\n", ["has a part '..' that is a folder"]),
        ("uri,label\nb//a.mp4,REAL\n", ["has a part '' that is empty"]),
        ("uri,label\na.mp4,REAL\nb.mp4,REAL\na.mp4,FAKE\n", ["line 4: 'a.mp4' is there twice", "line 2"]),
        ("uri,label\ncaf\u00e9.mp4,REAL\ncafe\u0301.mp4,FAKE\n", ["line 3", "is there twice"]),
        ("uri,label,original\nf.mp4,FAKE,f.mp4\n", ["is the video itself"]),
        ("uri,label,original\nf.mp4,FAKE,a;\n", ["original '' is empty"]),
        ("uri,label,original\nf.mp4,FAKE,a; b\n", ["has blanks beside ;"]),
        (
            "uri,label,original\nf.mp4,FAKE,d/g.mp4\nd/g.mp4,FAKE,\n",
            ["line 2: 'f.mp4': original 'd/g.mp4' is itself FAKE"],
        ),
        ("uri,label,x,meta/x\na.mp4,REAL,1,2\n", ["columns 'x' and 'meta/x' mean the same"]),
        ("uri,label\na.mp4,no\nb.mp4,no\nc.mp4,no\n", ["(and 2 more wrong rows)"]),
    ],
)
def test_wrong_rows_are_told_in_one_line(refusal: Callable[..., str], listed: str, words: list[str]) -> None:
    line = refusal(listed)
    assert all(word in line for word in words), line
    assert "list.csv" in line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"uri": "a.mp4", "label": "REAL"}\nnot\n', "line 2: not JSON"),
        ('["a.mp4"]\n', "line 1: holds"),
        ('{"uri": "a.mp4", "uri": "b.mp4", "label": "REAL"}\n', "'uri' is there twice"),
        ('{"uri": 3, "label": "REAL"}\n', "uri 3 is not text"),
        ('{"uri": "a.mp4", "label": 1}\n', "label 1 is unknown"),
        ('{"uri": "a.mp4", "label": "REAL", "boxes": [1]}\n', "'boxes' is [1]"),
        ('{"uri": "a.mp4", "label": "FAKE", "original": [3]}\n', "original [3] is not text"),
        ('{"uri": "a.mp4", "label": "REAL", "x": "\\ud800"}\n', "half a character"),
    ],
)
def test_wrong_objects_are_told_in_one_line(refusal: Callable[..., str], text: str, words: str) -> None:
    assert words in refusal(text, suffix="jsonl")


@given(
    st.dictionaries(texts | st.sampled_from(["uri", "label", "original", "split"]), st.none() | texts | st.integers())
)
def test_any_row_is_an_entry_or_refused(cells: Row) -> None:
    with contextlib.suppress(EntryError):
        assert entry_of(cells).uri == cells["uri"]


def test_tables_that_cannot_be_read(read: Callable[..., Dataset], tmp_path: pathlib.Path) -> None:
    with pytest.raises(UserError, match=r"data\.manifest=.*unknown format"):
        read("uri,label\n", suffix="txt")
    for name, content in {"no.parquet": b"no", "no.csv.gz": b"no", "no.csv": b"uri,label\n\xff.mp4,REAL\n"}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UserError, match=name):
            read_dataset(str(tmp_path), str(tmp_path / name))
    with pytest.raises(UserError, match="is not there"):
        read_dataset(str(tmp_path), str(tmp_path / "absent.csv"))
    with pytest.raises(UserError, match=r"data\.root=.* is not there"):
        read_dataset(str(tmp_path / "absent"), str(tmp_path / "no.csv"))


def test_name_kept_in_another_form_is_the_video_that_is_there(read: Callable[..., Dataset]) -> None:
    dataset = read([{"uri": "d/caf\u00e9.mp4", "label": "REAL"}], "d/cafe\u0301.mp4")
    assert [entry.uri for entry in dataset.entries] == list(dataset.uris(dataset.present)) == ["d/cafe\u0301.mp4"]
    assert dataset.unlisted == ()


def test_links_out_of_their_folder_and_pipes_are_refused(read: Callable[..., Dataset], tmp_path: pathlib.Path) -> None:
    listed = [{"uri": "d/a.mp4", "label": "REAL"}]
    read(listed, "d/b.mp4")
    (tmp_path / "data/d/a.mp4").symlink_to(tmp_path / "secret.mp4")
    with pytest.raises(UserError, match=r"line 2: 'a\.mp4' is a link to .*outside its folder"):
        read(listed)
    os.remove(tmp_path / "data/d/a.mp4")
    os.mkfifo(tmp_path / "data/d/a.mp4")
    with pytest.raises(UserError, match=r"line 2: 'a\.mp4' is a pipe"):
        read(listed)


def test_manifest_that_changes_is_noticed(read: Callable[..., Dataset], tmp_path: pathlib.Path) -> None:
    dataset = read([{"uri": "a.mp4", "label": "REAL"}])
    write_table(tmp_path / "list.csv", [{"uri": "b.mp4", "label": "REAL"}])
    with pytest.raises(UserError, match="was changed while it was read"):
        list(dataset.entries)
