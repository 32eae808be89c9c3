"""One row per video: from any kind of path, in this process and with Beam."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
import pytest
from earlier_entry import earlier_entry, payload_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from components.errors import UserError
from pipeline.score.videos import FEW


def read(path: pathlib.Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_each_video_has_its_probability_verdict_and_frames(score, clips, tmp_path):
    complete, _ = score(str(clips), out=str(tmp_path / "rows.jsonl"))
    rows = {pathlib.Path(row["uri"]).name: row for row in read(tmp_path / "rows.jsonl")}
    assert not complete
    assert {name: row["verdict"] for name, row in rows.items()} == {
        "20.mp4": "REAL",
        "60.mp4": "REAL",
        "128.mp4": "INCONCLUSIVE",
        "200.mp4": "FAKE",
        "240.mp4": "FAKE",
        "text.mp4": "UNSCORED",
        "empty.mp4": "UNSCORED",
    }
    for name, row in rows.items():
        assert (row["model"], row["model_digest"]) == ("1795571968", "ab" * 32)
        if row["verdict"] == "UNSCORED":
            assert (row["reason"], row["probability"], row["frame_scores"]) == ("unreadable_container", None, [])
            continue
        # The model is as those of earlier versions.
        assert row["probability_std"] is None
        assert row["probability"] == pytest.approx(int(name.removesuffix(".mp4")) / 255, abs=0.02)
        assert row["probability"] == pytest.approx(np.mean(row["frame_scores"]), abs=1e-6)
        assert row["frames"] == len(row["frame_scores"]) == len(row["frame_timestamps_s"]) == 8
        assert row["frame_timestamps_s"] == pytest.approx([index / 10 for index in range(8)], abs=1e-3)


@pytest.mark.e2e
def test_beam_says_what_this_process_says(score, clips, tmp_path):
    many = tmp_path / "many"
    many.mkdir()
    names = [path.name for path in sorted(clips.iterdir())]
    for index in range(FEW + 3):
        name = names[index % len(names)]
        shutil.copy(clips / name, many / f"{index}-{name}")
    paths = [str(path) for path in sorted(many.iterdir())]
    score(str(many), out=str(tmp_path / "by_beam.jsonl"))
    for part, some in enumerate((paths[:FEW], paths[FEW:])):
        score(*some, out=str(tmp_path / f"here-{part}.jsonl"))
    assert read(tmp_path / "by_beam.jsonl") == read(tmp_path / "here-0.jsonl") + read(tmp_path / "here-1.jsonl")


@pytest.mark.e2e
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["20.mp4", "240.mp4", "text.mp4", "empty.mp4", "*.mp4", "."]), min_size=1, max_size=4))
def test_every_input_has_exactly_one_row(score, clips, tmp_path, given_names):
    out = tmp_path / "rows.jsonl"
    complete, _ = score(*(str(clips / name) for name in given_names), out=str(out), cache_dir=str(tmp_path / "cache"))
    everything = {str(path) for path in clips.iterdir()}
    wanted = everything if {"*.mp4", "."} & set(given_names) else {str(clips / name) for name in given_names}
    rows = read(out)
    assert sorted(row["uri"] for row in rows) == sorted(wanted)
    assert complete == all(row["probability"] is not None for row in rows)


@pytest.mark.e2e
def test_second_call_reads_the_features_of_the_first(score, clips, tmp_path):
    moved = tmp_path / "20.mp4"
    shutil.copy(clips / "20.mp4", moved)
    for name in ("first", "second"):
        score(str(moved), out=str(tmp_path / f"{name}.jsonl"), cache_dir=str(tmp_path / "cache"))
    (entry,) = (tmp_path / "cache").rglob("*.features")
    assert read(tmp_path / "first.jsonl") == read(tmp_path / "second.jsonl")
    # Prove that the entry was read: another video's changes the score. Entries of the version before take its place,
    # since they do not say which video they are for.
    shutil.copy(clips / "240.mp4", tmp_path / "white.mp4")
    score(str(tmp_path / "white.mp4"), cache_dir=str(tmp_path / "cache"))
    (other,) = set((tmp_path / "cache").rglob("*.features")) - {entry}
    entry.write_bytes(earlier_entry(payload_of(other.read_bytes())))
    score(str(moved), out=str(tmp_path / "third.jsonl"), cache_dir=str(tmp_path / "cache"))
    assert read(tmp_path / "third.jsonl")[0]["probability"] > 0.9


def test_one_video_is_told_in_words_with_its_frames(score, clips):
    complete, text = score(str(clips / "200.mp4"))
    lines = text.splitlines()
    assert complete
    assert "verdict    FAKE, the model takes it for a forgery" in lines
    assert any(
        line.startswith("score      0.7") and line.endswith("real below 0.40, fake above 0.60, in between inconclusive")
        for line in lines
    )
    assert any(line.startswith("test       of test videos scored 0.7 to 0.8, 78 % were fake (n=9,") for line in lines)
    assert "the model comes from synthetic videos: its figures say nothing of real forgeries" in lines
    assert "a bar: what the model would have said of a video of that frame alone" in lines
    assert "it is no measure of how forged that frame is" in lines
    assert any(line.startswith("0.00 ██ ██ ██ ██ ██ ██ ██ ██") for line in lines)


@pytest.mark.e2e
def test_a_verdict_does_not_wait_for_tfx_beam_or_keras(model_folder, clips, tmp_path):
    script = (
        "import sys; from pipeline.cli.app import app; app(standalone_mode=False); "
        "print([name for name in ('tfx', 'apache_beam', 'ml_metadata', 'keras') if name in sys.modules])"
    )
    command = [sys.executable, "-c", script, "score", str(clips / "200.mp4"), "--model", str(model_folder)]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "verdict    FAKE, the model takes it for a forgery" in ended.stdout
    assert ended.stdout.splitlines()[-1] == "[]"


def test_one_video_that_cannot_be_scored_is_told_why(score, clips):
    complete, text = score(str(clips / "text.mp4"))
    assert not complete
    assert "verdict    UNSCORED, it could not be scored" in text.splitlines()
    assert any(line.startswith("reason     unreadable_container: ") for line in text.splitlines())


def test_gif_holds_the_sampled_frames(score, clips, tmp_path):
    score(str(clips / "200.mp4"), gif=str(tmp_path / "frames.gif"))
    with Image.open(tmp_path / "frames.gif") as gif:
        assert gif.size == (224, 224)
        # Pillow merges equal frames into one of longer duration.
        durations = 0
        for index in range(gif.n_frames):
            gif.seek(index)
            durations += gif.info["duration"]
            assert np.asarray(gif.convert("RGB")).mean() == pytest.approx(200, abs=5)
    assert durations == pytest.approx(7 * 100 + 500, abs=20)


def test_gif_of_several_videos_is_refused(score, clips, tmp_path):
    with pytest.raises(UserError, match="7 videos are given; give one"):
        score(str(clips), gif=str(tmp_path / "frames.gif"))


@pytest.mark.e2e
def test_model_and_files_may_be_in_folders_of_any_name(score, grey_clip, model_folder, tmp_path):
    home = tmp_path / "a[1] {b}*?"
    model = shutil.copytree(model_folder, home / "m*" / "1795571968")
    clip = grey_clip(home / "[1]*?.mp4", 240)
    wanted = {"model": str(model), "cache_dir": str(home / "cache[1]"), "out": str(home / "rows[*].jsonl")}
    complete, _ = score(clip, gif=str(home / "g[1].gif"), **wanted)
    assert complete
    # With Beam, from the cache.
    score(clip, beam_args=("--direct_num_workers=1",), **wanted)
    (row,) = read(home / "rows[*].jsonl")
    assert (row["uri"], row["verdict"]) == (clip, "FAKE")
    assert sorted(os.listdir(home)) == sorted(["m*", "[1]*?.mp4", "cache[1]", "rows[*].jsonl", "g[1].gif"])
