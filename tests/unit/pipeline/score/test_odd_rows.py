import csv
import json
import os

import pytest


@pytest.mark.e2e
def test_each_odd_video_has_one_row_in_one_call(score, shared_data, tmp_path):
    folder = shared_data / "odd_videos"
    with (folder / "MANIFEST.csv").open(encoding="utf-8") as file:
        names = sorted(row["file"] for row in csv.DictReader(file))
    complete, text = score(str(folder), out=str(tmp_path / "rows.jsonl"))
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    assert sorted(os.path.relpath(row["uri"], folder) for row in rows) == names
    assert not complete
    unscored = [row for row in rows if row["verdict"] == "UNSCORED"]
    assert all(row["reason"] and row["probability"] is None for row in unscored)
    assert f"{len(unscored)} UNSCORED" in text
