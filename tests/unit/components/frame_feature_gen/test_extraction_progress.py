import collections
import subprocess
import sys

import pytest

from components.frame_feature_gen.extraction_progress import count_video, progress_line, read_counts, reporting_progress

COUNT_MANY = """
import sys
from components.frame_feature_gen.extraction_progress import count_video
for _ in range(200):
    count_video(sys.argv[1], "decoded")
count_video(sys.argv[1], "quarantined")
"""


@pytest.mark.e2e
def test_processes_count_at_once_and_none_is_lost(tmp_path):
    processes = [subprocess.Popen([sys.executable, "-c", COUNT_MANY, str(tmp_path)]) for _ in range(4)]
    assert [process.wait() for process in processes] == [0] * 4
    assert read_counts(str(tmp_path)) == {"decoded": 800, "quarantined": 4}


@pytest.mark.parametrize(
    ("counts", "total", "elapsed_s", "line"),
    [
        ({"decoded": 10}, 100, 20, "10 of 100, 0.5/s, 3:00 left"),
        ({"decoded": 100, "cached": 1100}, 1200, 60, "1,200 of 1,200, 20.0/s, 1,100 cached"),
        ({"decoded": 1, "quarantined": 1}, 119_000, 4, "2 of 119,000, 0.5/s, 66:06:36 left, 1 quarantined"),
        ({"decoded": 7}, 0, 2, "7, 3.5/s"),
    ],
)
def test_progress_is_told_for_people(counts, total, elapsed_s, line):
    assert progress_line(collections.Counter(counts), total, elapsed_s) == line


def test_telling_ends_with_its_context(tmp_path):
    lines = []
    with reporting_progress(str(tmp_path), 1, lines.append):
        count_video(str(tmp_path), "decoded")
    told = len(lines)
    count_video(str(tmp_path), "decoded")
    assert len(lines) == told
