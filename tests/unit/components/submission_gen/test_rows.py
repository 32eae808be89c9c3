import csv
import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from components.errors import UserError
from components.metrics.decision_rule import DecisionRule
from components.quarantine import QuarantineRow
from components.submission_gen.row_files import require_known_format, write_rows
from components.submission_gen.rows import Row
from components.submission_gen.scorer import Scorer
from components.submission_gen.submission import Submission, read_sample, write_submission

SCORED = Row(
    uri='videos/a, "b"\n.mp4',
    probability=0.25,
    probability_std=0.0625,
    verdict="REAL",
    reason="",
    detail="",
    frames=2,
    truncated=True,
    face_status="not wanted",
    frame_scores=[0.125, 0.5],
    frame_timestamps_s=[0.0, 1.5],
    model="17",
    model_digest="ab",
)
UNSCORED = Scorer("17", "ab", DecisionRule(0.5)).unscored(QuarantineRow("c", "ç.mp4", "decode", "no_frames", "none"))


def as_fields(*rows: Row) -> list[dict]:
    return [dataclasses.asdict(row) for row in rows]


def test_unscored_row_tells_why_and_has_no_numbers():
    assert (UNSCORED.verdict, UNSCORED.probability) == ("UNSCORED", None)
    assert (UNSCORED.uri, UNSCORED.reason, UNSCORED.detail) == ("ç.mp4", "no_frames", "none")
    assert UNSCORED.frame_scores == []


def test_json_lines_hold_the_rows_as_they_are(tmp_path):
    write_rows(str(tmp_path / "rows.jsonl"), [SCORED, UNSCORED])
    lines = (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == as_fields(SCORED, UNSCORED)


def test_csv_holds_lists_as_json_and_leaves_the_unknown_empty(tmp_path):
    write_rows(str(tmp_path / "rows.csv"), [SCORED, UNSCORED])
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as file:
        scored, unscored = csv.DictReader(file)
    assert list(scored) == [field.name for field in dataclasses.fields(Row)]
    assert scored["uri"] == SCORED.uri
    assert float(scored["probability"]) == SCORED.probability
    assert (float(scored["probability_std"]), unscored["probability_std"]) == (SCORED.probability_std, "")
    assert json.loads(scored["frame_scores"]) == SCORED.frame_scores
    assert (scored["truncated"], unscored["truncated"]) == ("true", "false")
    assert (unscored["probability"], unscored["frame_scores"], unscored["uri"]) == ("", "[]", "ç.mp4")


@pytest.mark.parametrize("sign", ["\r", "\n", "\r\n", ",", '"', "\u2028", "\x85"])
def test_no_name_makes_a_row_of_its_own(tmp_path, sign):
    named = dataclasses.replace(SCORED, uri=f"a{sign}b")
    write_rows(str(tmp_path / "rows.csv"), [named])
    for newline in ("", None):
        with (tmp_path / "rows.csv").open(encoding="utf-8", newline=newline) as file:
            (row,) = csv.DictReader(file)
        assert row["probability"] == "0.25"
    write_submission(str(tmp_path / "submission.csv"), Submission({named.uri: 0.25}, (), (), ()))
    assert read_sample(str(tmp_path / "submission.csv")) == [named.uri]


def test_parquet_holds_the_rows_as_they_are_in_typed_columns(tmp_path):
    for name, rows in (("both", [SCORED, UNSCORED]), ("unscored", [UNSCORED]), ("none", [])):
        path = tmp_path / f"{name}.parquet"
        write_rows(str(path), rows)
        table = parquet.read_table(path)
        assert table.to_pylist() == as_fields(*rows)
        types = {field.name: str(field.type) for field in table.schema}
        assert (types["probability"], types["frames"], types["truncated"]) == ("double", "int64", "bool")
        assert types["probability_std"] == "double"
        assert types["frame_scores"].startswith("list<")


def test_file_without_a_folder_is_written_where_one_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_rows("rows.JSONL", [SCORED])
    assert json.loads((tmp_path / "rows.JSONL").read_text()) == as_fields(SCORED)[0]


@pytest.mark.parametrize("name", ["rows", "rows.txt", "csv"])
def test_a_name_that_tells_no_form_is_refused(name):
    with pytest.raises(UserError, match=r"give a name that ends in \.csv, \.jsonl, \.parquet"):
        require_known_format(name)


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=5))
def test_probabilities_come_back_exactly(tmp_path_factory, probabilities):
    rows = [dataclasses.replace(SCORED, uri=str(index), probability=each) for index, each in enumerate(probabilities)]
    folder = tmp_path_factory.mktemp("rows")
    for form in ("csv", "jsonl", "parquet"):
        write_rows(str(folder / f"rows.{form}"), rows)
    with (folder / "rows.csv").open() as file:
        from_csv = [float(row["probability"]) for row in csv.DictReader(file)]
    from_lines = [json.loads(line)["probability"] for line in (folder / "rows.jsonl").read_text().splitlines()]
    from_parquet = parquet.read_table(folder / "rows.parquet")["probability"].to_pylist()
    assert from_csv == from_lines == from_parquet == probabilities
