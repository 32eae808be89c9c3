import csv
import dataclasses
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.errors import UserError
from components.metrics.decision_rule import DecisionRule
from components.quarantine import QuarantineRow
from components.submission_gen.rows import Row
from components.submission_gen.scorer import Scorer
from components.submission_gen.submission import fill, read_sample, require_distinct, write_submission

NAMES = st.lists(st.sampled_from([f"{letter}.mp4" for letter in "abcdefgh"]), unique=True)


def row(name: str, probability: float | None) -> Row:
    unscored = Scorer("1", "", DecisionRule(0.5)).unscored(
        QuarantineRow(name, f"videos/{name}", "decode", "no_frames", "")
    )
    return dataclasses.replace(unscored, probability=probability)


@given(NAMES, NAMES, st.data())
def test_each_name_of_the_sample_has_one_value_and_each_difference_is_told(names, there, data):
    scores = st.one_of(st.none(), st.floats(0, 1))
    rows = [row(name, data.draw(scores)) for name in there]
    prior, clip = data.draw(st.floats(0, 1)), data.draw(st.floats(0, 0.49))
    filled = fill(names, rows, prior=prior, clip=clip)
    assert list(filled.values) == names
    assert all(clip <= value <= 1 - clip for value in filled.values.values())
    assert set(filled.missing) == set(names) - set(there)
    assert {os.path.basename(uri) for uri in filled.extra} == set(there) - set(names)
    scored = {os.path.basename(each.uri): each.probability for each in rows if each.probability is not None}
    assert set(names) == set(filled.missing) | set(filled.unscored) | (set(scored) & set(names))
    for name in names:
        assert filled.values[name] == pytest.approx(min(max(scores_or(scored, name, prior), clip), 1 - clip))


def scores_or(scored: dict[str, float], name: str, prior: float) -> float:
    return scored.get(name, prior)


def test_file_has_the_samples_form(tmp_path):
    sample = tmp_path / "sample.csv"
    # As saved by a spreadsheet on Windows.
    sample.write_bytes(b"\xef\xbb\xbffilename,label\r\nb.mp4,0\r\na.mp4,0\r\n")
    names = read_sample(str(sample))
    write_submission(str(tmp_path / "out.csv"), fill(names, [row("a.mp4", 0.75)], prior=0.5, clip=0.01))
    with (tmp_path / "out.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [["filename", "label"], ["b.mp4", "0.5"], ["a.mp4", "0.75"]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1 is ''; it must be 'filename,label'"),
        ("name,score\na.mp4,0\n", "line 1 is 'name,score'"),
        ("filename,label\n", "names no videos"),
        ("filename,label\na.mp4\n", "line 2 is 'a.mp4'"),
        (f"filename,label\na.mp4,{'0' * 200_000}\n", "not CSV (field larger than field limit"),
        ("filename,label\na.mp4,0\nb.mp4,0\na.mp4,0\n", "line 4: a.mp4 is named twice"),
    ],
)
def test_what_is_no_sample_is_told_by_line(tmp_path, text, words):
    path = tmp_path / "sample.csv"
    path.write_text(text)
    with pytest.raises(UserError) as told:
        read_sample(str(path))
    assert words in str(told.value)
    assert str(path) in str(told.value)


def test_absent_sample_is_told(tmp_path):
    with pytest.raises(UserError, match=r"absent\.csv: cannot be read"):
        read_sample(str(tmp_path / "absent.csv"))


def test_two_videos_of_one_name_are_refused_where_the_sample_asks_for_it():
    videos = ["one/a.mp4", "two/a.mp4", "one/b.mp4", "two/b.mp4"]
    with pytest.raises(UserError, match=r"b\.mp4: both one/b\.mp4 and two/b\.mp4"):
        require_distinct(["b.mp4"], videos)
    require_distinct(["c.mp4"], videos)
