"""Options limit the decoding of one video, and a video that exceeds the limits has no score."""

import json
import pathlib

import pytest
from brightness_model import write_brightness_model
from drawn_frames import moving_shapes

from components.quarantine import QuarantineRow
from components.served_model.folder import open_model
from components.submission_gen.scorer import Scorer
from pipeline.demo_data.encoding import write_clip
from pipeline.score.explain.frames import sampled_clip
from pipeline.score.videos import FEW, extraction_settings

LIMITS = {
    "--timeout": ("0.01", "timeout", "decoding took longer than 0.01 s"),
    "--memory-mb": ("64", "too_large", "decoding takes more than 64 MiB of memory"),
}


@pytest.fixture(scope="module")
def large_clip(tmp_path_factory) -> pathlib.Path:
    path = tmp_path_factory.mktemp("large") / "large.mp4"
    write_clip(path, moving_shapes(3, 4096, 4096, 0), fps=30, bit_rate=400_000)
    return path


@pytest.mark.e2e
@pytest.mark.parametrize("copies", [1, FEW + 1], ids=["here", "by_beam"])
@pytest.mark.parametrize("option", LIMITS)
def test_a_video_that_takes_more_is_unscored(deepfake, model_folder, large_clip, tmp_path, option, copies):
    value, reason, words = LIMITS[option]
    videos = tmp_path / "videos"
    videos.mkdir()
    for number in range(copies):
        (videos / f"{number}.mp4").symlink_to(large_clip)
    given = ["score", *map(str, sorted(videos.iterdir())), "--model", str(model_folder), "--out", "rows.jsonl"]
    code, _, _ = deepfake(*given, "--cache-dir", "none", "--workers", "1", option, value)
    assert code == 3
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    assert [(row["verdict"], row["reason"], row["detail"]) for row in rows] == [("UNSCORED", reason, words)] * copies


@pytest.mark.parametrize("command", [("score", "clip.mp4"), ("serve",)], ids=" ".join)
@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("--timeout", value) for value in ("0", "-1", "nan", "inf", "-inf", "1e300", "86401")),
        *(("--memory-mb", value) for value in ("0", "63", "-2048", str(1 << 60))),
    ],
)
def test_a_limit_that_is_none_is_one_line(deepfake, command, option, value):
    code, output, errors = deepfake(*command, option, value)
    assert (code, output) == (2, "")
    (line,) = errors.strip().splitlines()
    assert line.startswith(f"deepfake: {option} ")
    assert "give " in line


@pytest.mark.parametrize("setting", ["timeout_s=.inf", "timeout_s=.nan", "timeout_s=1e300", "memory_mb=9999999999"])
def test_a_config_has_the_same_bounds(deepfake, setting):
    code, _, errors = deepfake("extract", "clip.mp4", "--set", f"extraction.{setting}")
    assert code == 2
    (line,) = errors.strip().splitlines()
    assert f"extraction.{setting.partition('=')[0]}" in line


@pytest.mark.parametrize(("timeout_s", "memory_mb"), [(86_400, 1 << 20), (0.5, 64)])
def test_bounds_are_what_decoding_takes(tmp_path, write_video, timeout_s, memory_mb):
    model = open_model(str(write_brightness_model(tmp_path / "17")))
    settings = extraction_settings(model, cache_dir="", face_model="", timeout_s=timeout_s, memory_mb=memory_mb)
    assert (settings.timeout_s, settings.memory_bytes) == (timeout_s, memory_mb << 20)
    if timeout_s > 1:
        row = Scorer.of(model).unscored(QuarantineRow("", "", "decode", "timeout", ""))
        assert len(sampled_clip(write_video(frames=5), row, settings, option="").frames) == 5
