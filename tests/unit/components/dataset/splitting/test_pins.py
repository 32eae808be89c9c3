import json
import pathlib

import pyarrow as pa
import pytest
from data_sets import FAKE, REAL, columns_of, digests_of, split_by_uri
from pyarrow import parquet

from components.dataset.entries import VideoEntry
from components.dataset.splitting.groups import connected_groups, join_groups
from components.dataset.splitting.pins import read_pins
from components.dataset.splitting.placing import place
from components.dataset.splitting.rules import SplitRules
from components.dataset.splitting.splits_file import COLUMNS, SPLITS_FILE, read_splits, write_splits
from components.errors import UserError

ROWS = {"uri": ["b.mp4", "a/a.mp4"], "split": ["Validation", "train"]}


def test_file_of_a_split_is_a_pin(tmp_path: pathlib.Path) -> None:
    odd = 'x/"quoted", and cafe\u0301 \u2028.mp4'
    entries = [
        VideoEntry(odd, REAL, split="train"),
        VideoEntry("f.mp4", FAKE, (odd,)),
        VideoEntry("b.mp4", FAKE, split="dev"),
    ]
    entries += [VideoEntry("a.mp4", FAKE, split="test"), VideoEntry("twin.mp4", FAKE)]
    videos, rules = columns_of(entries), SplitRules(by="column")
    named = connected_groups(videos, "original")
    rows = [0, 3, 4]
    groups, _ = join_groups(named, rows, digests_of([7, 8, 8]))
    placement = place(videos, groups, rules, before_joining=named)
    write_splits(str(tmp_path), videos, groups, placement, rows, digests_of([7, 8, 8]))
    text = (tmp_path / SPLITS_FILE).read_text()
    assert text.splitlines()[0] == "uri,label,group_id,split,official_split,content_digest,placed_by"
    table = read_splits(str(tmp_path))
    assert tuple(table.column_names) == COLUMNS
    assert table["uri"].to_pylist() == sorted(entry.uri for entry in entries)
    assert table.filter(pa.compute.equal(table["uri"], "twin.mp4")).to_pylist() == [
        {"uri": "twin.mp4", "label": FAKE, "group_id": "a.mp4", "split": "test", "official_split": None}
        | {"content_digest": "00" * 31 + "08", "placed_by": "joined"}
    ]
    pins = read_pins(str(tmp_path / SPLITS_FILE), {})
    again = place(videos, named, SplitRules(by="hash"), pins)
    assert split_by_uri(videos, again) == split_by_uri(videos, placement)
    assert again.pins_left == 0


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_any_table_with_uri_and_split_is_a_pin(tmp_path: pathlib.Path, suffix: str) -> None:
    path = tmp_path / f"pin{suffix}"
    if suffix == ".parquet":
        parquet.write_table(pa.table({**ROWS, "other": [1, 2]}), path)
    elif suffix == ".jsonl":
        path.write_text(
            "".join(json.dumps({"uri": uri, "split": split}) + "\n" for uri, split in zip(*ROWS.values(), strict=True))
        )
    else:
        path.write_text("other,split,uri\n1,Validation,b.mp4\n2,train,a/a.mp4\n,,unplaced.mp4\n")
    pins = read_pins(str(path), {})
    assert dict(zip(pins.uri.to_pylist(), pins.split.tolist(), strict=True)) == {"b.mp4": 1, "a/a.mp4": 0}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("uri,label\na.mp4,REAL\n", "has no column 'split', only 'uri', 'label'"),
        ("uri,split\na.mp4,holdout\n", "unknown splits 'holdout'"),
        ("uri,split\na.mp4,test\na.mp4,train\n", "'a.mp4' is there in two splits"),
        ("uri,split\na.mp4,\n", "places no video"),
        ("", "cannot be read"),
        ("uri,split\na.mp4,test,more\n", "cannot be read"),
    ],
)
def test_pin_that_cannot_be_used(tmp_path: pathlib.Path, content: str, words: str) -> None:
    path = tmp_path / "pin.csv"
    path.write_text(content)
    with pytest.raises(UserError) as error:
        read_pins(str(path), {})
    assert str(error.value).startswith(f"split.pin={path}: ")
    assert words in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_pin_that_is_not_there(tmp_path: pathlib.Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read_pins(str(tmp_path / "none.csv"), {})
