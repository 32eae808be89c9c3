"""Long videos, of which half have one forged stretch of one face."""

import json
import pathlib

import av
import numpy as np
import pytest

from components.errors import UserError
from pipeline.demo_data import generate_long_videos
from pipeline.demo_data.generate import LongPlan
from pipeline.demo_data.long_videos import draw_long_video, plan_long_videos
from pipeline.demo_data.plan import REAL_FAMILY

ONE = {"videos": 2, "minutes": 0.05, "faces": 1, "seed": 3, "workers": 1}


def frames_of(path: pathlib.Path) -> np.ndarray:
    with av.open(str(path)) as container:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]).astype(int)


def test_the_plan_forges_every_other_video_in_one_stretch():
    plans = plan_long_videos(20, 0, seconds=600, faces=2)
    assert [plan.family == REAL_FAMILY for plan in plans] == [True, False] * 10
    forged = plans[1::2]
    assert len({plan.family for plan in forged}) == 2
    assert {plan.forged_face for plan in forged} == {1, 2}
    for plan in forged:
        assert plan.forged_to_s - plan.forged_from_s == pytest.approx(20)
        assert 0 <= plan.forged_from_s <= plan.forged_to_s <= 600
    assert plan_long_videos(20, 0, seconds=600, faces=2) == plans


def test_only_the_stretch_and_the_face_differ_from_the_real_video(tmp_path):
    plan = LongPlan(0, "a.mp4", 3.0, "appearance", 2, 2, 1.0, 2.0)
    real = LongPlan(0, "a.mp4", 3.0, REAL_FAMILY, 2, 0, 0.0, 0.0)
    for name, each in (("forged.mp4", plan), ("real.mp4", real)):
        draw_long_video(tmp_path / name, each, 0)
    forged, plain = frames_of(tmp_path / "forged.mp4"), frames_of(tmp_path / "real.mp4")
    assert forged.shape == plain.shape == (75, 280, 560, 3)
    apart = np.abs(forged - plain)
    left, right = apart[:, :, :280].mean(axis=(1, 2, 3)), apart[:, :, 280:].mean(axis=(1, 2, 3))
    # Encoding spreads what differs a little.
    assert right[26:49].min() > 2 * max(right[:24].max(), left.max())


def test_videos_and_their_columns_are_written_once(tmp_path):
    generate_long_videos(tmp_path, **ONE)
    entries = json.loads((tmp_path / "metadata.json").read_text())
    assert [entry["label"] for entry in entries.values()] == ["REAL", "FAKE"]
    assert {entry["synthetic"] for entry in entries.values()} == {"true"}
    assert "say nothing about how well real forgeries" in " ".join((tmp_path / "README.md").read_text().split())
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    generate_long_videos(tmp_path, **ONE)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert frames_of(tmp_path / "long_001.mp4").shape == (75, 280, 280, 3)


@pytest.mark.parametrize("wrong", [{"videos": 0}, {"minutes": 0.01}, {"faces": 0}, {"seed": -1}])
def test_numbers_that_are_too_small_are_refused(tmp_path, wrong):
    with pytest.raises(UserError, match="must be at least"):
        generate_long_videos(tmp_path / "out", **{**ONE, **wrong})


def test_a_folder_of_other_data_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="holds other files"):
        generate_long_videos(tmp_path, **ONE)
