"""A scoring run cuts long videos into windows as `deepfake score` does, and has one row for each video."""

import io
import json
import os
import pathlib

import numpy as np
import pytest
from brightness_model import write_brightness_model
from rich.console import Console

from components.errors import UserError
from components.served_model.real_clips import describe_real_clips
from pipeline.config.load import load_config
from pipeline.config.scoring import ScoringConfig
from pipeline.demo_data.encoding import write_clip
from pipeline.inputs.scoring import pin_scoring_inputs
from pipeline.runners.local import run_locally
from pipeline.runs.scoring_result import ScoringResult, collect_scores
from pipeline.score.videos import extraction_settings, score_videos

pytestmark = pytest.mark.e2e
TOLERANCE = 1e-5


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> pathlib.Path:
    """A model of windows of two seconds, and videos of two and of twelve."""
    folder = tmp_path_factory.mktemp("windows")
    real_clips = describe_real_clips(np.random.default_rng(0).logistic(-2, 0.3, 100)).model_dump()
    aggregation = {"rule": "largest", "real_clips": real_clips}
    write_brightness_model(folder / "model" / "17", aggregation=aggregation, windows=2.0)
    (folder / "videos").mkdir()
    for name, seconds in (("short.mp4", 2), ("long.mp4", 12)):
        pictures = (np.full((64, 64, 3), 230 if 60 <= frame < 80 else 40, np.uint8) for frame in range(10 * seconds))
        write_clip(folder / "videos" / name, pictures, fps=10, bit_rate=100_000)
    (folder / "videos" / "broken.mp4").write_bytes(b"no video")
    return folder


def run(folder: pathlib.Path, name: str, *settings: str) -> ScoringResult:
    given = [
        *(f"name={name}", f"runs_dir={folder / 'runs'}", f"model={folder / 'model' / '17'}"),
        *(f"data.root={folder / 'videos'}", "extraction.workers=1", "drift.min_videos=2", *settings),
    ]
    config = pin_scoring_inputs(load_config("scoring", given, ScoringConfig))
    os.makedirs(config.run_dir, exist_ok=True)
    return collect_scores(config, run_locally(config, Console(file=io.StringIO())))


def rows(result: ScoringResult) -> dict[str, dict]:
    lines = map(json.loads, pathlib.Path(result.scores).read_text().splitlines())
    return {os.path.basename(row["uri"]): row for row in lines}


def test_the_run_says_what_the_command_says(folder):
    from components.served_model.folder import open_model

    found = rows(run(folder, "windows"))
    model = open_model(str(folder / "model" / "17"))
    settings = extraction_settings(model, cache_dir="", face_model="")
    videos = [str(folder / "videos" / name) for name in sorted(found)]
    expected = score_videos(videos, model, settings, workers=1, report_progress=lambda line: None)
    assert sorted(found) == ["broken.mp4", "long.mp4", "short.mp4"]
    for row in expected:
        of_run = found[os.path.basename(row.uri)]
        assert of_run["probability"] == pytest.approx(row.probability, abs=TOLERANCE)
        spans = [(window["start_s"], window["end_s"]) for window in of_run["windows"]]
        assert spans == [(window.start_s, window.end_s) for window in row.windows]
        for name in ("verdict", "reason", "frames", "content_digest", "duration_s", "not_looked_at", "caution"):
            assert of_run[name] == getattr(row, name)
    windows = found["long.mp4"]["windows"]
    assert max(windows, key=lambda window: window["probability"])["start_s"] == 6
    assert (len(windows), len(found["short.mp4"]["windows"]), found["broken.mp4"]["windows"]) == (6, 1, [])


def test_keys_of_the_config_overrule_the_model(folder):
    found = rows(run(folder, "part", "extraction.windows=3", "extraction.start=0:03", "extraction.end=9"))
    assert [(each["start_s"], each["end_s"]) for each in found["long.mp4"]["windows"]] == [(3, 6), (6, 9)]
    assert found["short.mp4"]["verdict"] == "UNSCORED"
    with pytest.raises(UserError, match=r"extraction\.windows: .soon. is no time"):
        run(folder, "wrong", "extraction.windows=soon")
