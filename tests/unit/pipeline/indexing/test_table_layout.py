"""Any table that lists videos."""

import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from index_trees import left_out, make_files, manifest, refusal

ROWS = [
    {"file": "videos/a.mp4", "kind": "fake", "person": "p1", "part": "train", "note": 'x, "y"'},
    {"file": "videos/b.mp4", "kind": "real", "person": "p1", "part": "test", "note": ""},
    {"file": "./videos/deep/c.mp4", "kind": "FAKE", "person": "", "part": "", "note": "007"},
]
EXPECTED = {
    "videos/a.mp4": ("FAKE", "p1", "train", 'x, "y"'),
    "videos/b.mp4": ("REAL", "p1", "test", ""),
    "videos/deep/c.mp4": ("FAKE", "", "", "007"),
}
COLUMNS = ("--path-column", "file", "--label-column", "kind", "--group-column", "person", "--split-column", "part")
AMBIGUOUS = [("0", "1"), ("no", "yes"), ("False", "True"), ("a", "b"), ("-1", "1"), ("0.0", "1.0")]


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    else:
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0], delimiter="\t" if path.suffix == ".tsv" else ",")
            writer.writeheader()
            writer.writerows(rows)


def labelled(*labels):
    return [{"path": f"{number}.mp4", "label": label} for number, label in enumerate(labels)]


@pytest.fixture
def data(tmp_path):
    make_files(tmp_path / "data", EXPECTED)
    return tmp_path / "data"


@pytest.mark.parametrize("name", ["list.csv", "list.tsv", "list.jsonl", "list.parquet"])
@pytest.mark.parametrize("source", [("data/{}",), ("data",), ("data", "--layout", "table")])
def test_kinds_of_tables(tmp_path, data, deepfake, name, source):
    write(data / name, ROWS)
    code, _, errors = deepfake("index", *(part.format(name) for part in source), *COLUMNS, "--out", "m.csv")
    assert (code, errors) == (0, "")
    assert manifest(tmp_path / "m.csv", "label", "group_id", "split", "meta/note") == EXPECTED
    assert left_out(tmp_path / "m.csv") == {}


def test_a_table_elsewhere_with_paths_of_several_kinds(tmp_path, data, deepfake):
    rows = [
        {"path": str(data / "videos" / "a.mp4"), "label": "fake", "from": "data/videos/b.mp4"},
        {"path": "data/videos/b.mp4", "label": "real", "from": "None"},
        {"path": "videos\\deep\\c.mp4", "label": "fake", "from": "b.mp4"},
        {"path": "/elsewhere/d.mp4", "label": "fake", "from": ""},
        {"path": "videos/gone.mp4", "label": "fake", "from": ""},
    ]
    make_files(data, ["videos/unlisted.mp4", "notes.txt"])
    write(tmp_path / "lists" / "list.csv", rows)
    code, _, errors = deepfake(
        "index", "data", "--table", "lists/list.csv", "--original-column", "from", "--out", "m.csv"
    )
    assert (code, errors) == (0, "")
    assert manifest(tmp_path / "m.csv", "label", "original") == {
        "videos/a.mp4": ("FAKE", "videos/b.mp4"),
        "videos/b.mp4": ("REAL", ""),
        "videos/deep/c.mp4": ("FAKE", "b.mp4"),
    }
    assert left_out(tmp_path / "m.csv") == {
        "/elsewhere/d.mp4": "in the list, but outside the folder",
        "videos/gone.mp4": "in the list, but not there",
        "videos/unlisted.mp4": "not in the list",
        "notes.txt": "no video",
    }


@pytest.mark.parametrize("values", AMBIGUOUS)
def test_labels_that_could_be_read_either_way_are_refused_until_told(tmp_path, deepfake, values):
    make_files(tmp_path / "data", ["0.mp4", "1.mp4"])
    write(tmp_path / "data" / "list.csv", labelled(*values))
    line = refusal(deepfake("index", "data", "--layout", "table", "--out", "m.csv"))
    assert "could be read either way; type --fake-values" in line
    for option, labels in (("--fake-values", ("REAL", "FAKE")), ("--real-values", ("FAKE", "REAL"))):
        assert (
            deepfake("index", "data", "--layout", "table", option, values[1], "--out", "m.csv", "--overwrite")[0] == 0
        )
        assert manifest(tmp_path / "m.csv", "label") == {"0.mp4": labels[:1], "1.mp4": labels[1:]}


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
@pytest.mark.parametrize("values", [(0, 1), (False, True), (0.0, 1.0)])
def test_so_are_numbers_and_truth_values(tmp_path, deepfake, kind, values):
    make_files(tmp_path / "data", ["0.mp4", "1.mp4"])
    write(tmp_path / "data" / f"list.{kind}", labelled(*values))
    assert deepfake("index", "data", "--layout", "table", "--out", "m.csv")[0] == 2
    told = "true" if values[1] is True else "1"
    assert deepfake("index", "data", "--layout", "table", "--fake-values", told, "--out", "m.csv")[0] == 0
    assert manifest(tmp_path / "m.csv", "label") == {"0.mp4": ("REAL",), "1.mp4": ("FAKE",)}


@pytest.mark.parametrize(
    ("labels", "told", "line"),
    [
        (("0", "1", "2"), ("--fake-values", "1"), "has '0' (1), '2' (1), which could be read either way"),
        (("0", "1"), ("--fake-values", "fake"), "has no value 'fake', which --fake-values names; it has '0' (1)"),
        (("0", "1"), ("--fake-values", "1", "--real-values", "1"), "is among --fake-values and --real-values"),
        (("real", "fake"), ("--fake-values", "real"), None),
        (("a", "fake"), ("--fake-values", "a"), None),
        (("a", "b", "real"), ("--fake-values", "a"), "has 'b' (1), which could be read either way"),
    ],
)
def test_what_is_told_must_settle_every_value(tmp_path, deepfake, labels, told, line):
    make_files(tmp_path / "data", [f"{number}.mp4" for number in range(3)])
    write(tmp_path / "data" / "list.csv", labelled(*labels))
    code, _, errors = deepfake("index", "data", "--layout", "table", *told, "--out", "m.csv")
    if line is None:
        # Said by the user, however odd.
        assert manifest(tmp_path / "m.csv", "label")["0.mp4"] == ("FAKE",)
    else:
        assert code == 2
        assert line in errors


def test_rows_that_are_repeated_or_bare(tmp_path, deepfake):
    make_files(tmp_path / "data", ["0.mp4", "1.mp4", "2.mp4"])
    rows = [*labelled("fake", "real", ""), labelled("fake")[0]]
    write(tmp_path / "data" / "list.csv", rows)
    assert deepfake("index", "data", "--layout", "table", "--out", "m.csv")[0] == 0
    assert left_out(tmp_path / "m.csv") == {
        "2.mp4": "in the list, but without a label",
        "0.mp4": "in the list twice, saying the same",
    }
    write(tmp_path / "data" / "list.csv", [*rows, {"path": "./0.mp4", "label": "real"}])
    code, _, errors = deepfake("index", "data", "--layout", "table", "--out", "n.csv")
    assert code == 2
    assert "line 6 lists './0.mp4' again and says other things" in errors


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--path-column", "fiel"), "--path-column fiel: data/list.csv has no such column; it has file, kind, person"),
        (("--path-column", "file"), "type --label-column with one of its columns: file, kind, person, part, note"),
        (("--table", "nowhere.csv"), "nowhere.csv: is not there"),
        (("--table", "data"), "data: is no table"),
    ],
)
def test_what_is_mistyped_is_one_line(data, deepfake, arguments, line):
    write(data / "list.csv", ROWS)
    error = refusal(deepfake("index", "data", *arguments, "--out", "m.csv"))
    assert line in error
