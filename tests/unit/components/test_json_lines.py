"""A row is one line for every reader, whatever its text contains."""

import dataclasses
import json
import os
import pathlib

import hypothesis.strategies as st
from hypothesis import given

from components.json_lines import json_line, read_json_lines, read_typed_rows, write_json_lines
from components.quarantine import QUARANTINE_FILE, QuarantineRow, read_quarantine

# Characters that end a line for some reader, and surrogates, which are not valid text.
TEXT = st.text(st.sampled_from("ab\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029\x9b\ud800\u00e9\U0001f600")) | st.text()


@dataclasses.dataclass(frozen=True)
class Told:
    text: str
    numbers: list[float]


@given(texts=st.lists(TEXT, max_size=5))
def test_rows_come_back_whatever_they_hold(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    rows = [Told(text, [0.5]) for text in texts]
    write_json_lines(str(path), rows)
    assert read_typed_rows(str(path), Told) == rows
    # Other readers may split at more characters.
    assert [json.loads(line)["text"] for line in path.read_text().splitlines()] == texts


@given(text=TEXT)
def test_every_reader_of_a_quarantine_reads_what_was_written(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("quarantine")
    row = QuarantineRow("a.mp4", "a.mp4", "decode", "crashed", text)
    (folder / QUARANTINE_FILE).write_bytes(f"{json_line(row)}\n".encode())
    assert read_quarantine(str(folder)) == [row]
    assert read_json_lines(os.path.join(folder, QUARANTINE_FILE)) == [dataclasses.asdict(row)]


def test_lines_that_another_program_wrote_are_read_too(tmp_path: pathlib.Path):
    raw = '{"text": "a\u2028b"}'
    (tmp_path / "rows.jsonl").write_text(f"{raw}\n\n{raw}", encoding="utf-8")
    assert read_json_lines(str(tmp_path / "rows.jsonl")) == [{"text": "a\u2028b"}] * 2
