"""Several processes score many videos exactly as one process does."""

import json
import pathlib
import subprocess
import sys

import pytest
from brightness_model import write_brightness_model

from pipeline.score.videos import FEW

pytestmark = pytest.mark.e2e


def test_two_workers_lose_no_video(write_video, tmp_path):
    model = write_brightness_model(tmp_path / "models" / "1")
    for index in range(FEW + 1):
        write_video(f"videos/{index}.mp4", frames=10, seed=index)
    (tmp_path / "videos" / "text.mp4").write_text("no video")
    rows = {}
    for workers in ("1", "2"):
        out = tmp_path / f"{workers}.jsonl"
        command = [sys.executable, "-c", "from pipeline.cli.app import main; main()", "score", "videos"]
        command += ["--model", str(model), "--out", str(out), "--workers", workers, "--cache-dir", "none"]
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ended.returncode == 3, ended.stdout + ended.stderr
        rows[workers] = [json.loads(line) for line in out.read_text().splitlines()]
    assert rows["1"] == rows["2"]
    verdicts = {pathlib.Path(row["uri"]).stem: row["verdict"] for row in rows["2"]}
    assert [name for name, verdict in verdicts.items() if verdict == "UNSCORED"] == ["text"]
    assert len(rows["2"]) == FEW + 2
