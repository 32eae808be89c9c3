"""A trained model's folder is all that scoring needs, and every way to use it gives the same answer."""

import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
import pytest

from components.evaluator.predictions import Prediction, read_predictions
from components.video_decoding.decode import decode_clip
from pipeline.runs.store import connect, latest_execution

pytestmark = pytest.mark.e2e

TOLERANCE = 1e-5

# What anyone can do with only the folder and TensorFlow, given the frames that the model's sampling takes.
TEN_LINES = """
import sys, numpy as np, tensorflow as tf
model = tf.saved_model.load(sys.argv[1])
frames = np.load(sys.argv[2])
padded = np.zeros((1, 20, 224, 224, 3), np.uint8)
padded[0, :len(frames)] = frames
mask = (np.arange(20) < len(frames)).astype(np.int64)[None]
served = model.signatures["serve_frames"](frames=tf.constant(padded), frame_mask=tf.constant(mask))
print(float(served["probability_fake"][0, 0]))
"""


@pytest.fixture(scope="module")
def copied_model(first_run, tmp_path_factory) -> pathlib.Path:
    """A copy of the pushed folder elsewhere, without the run that made it."""
    target = tmp_path_factory.mktemp("elsewhere") / "model"
    return pathlib.Path(shutil.copytree(first_run.result.model, target))


@pytest.fixture(scope="module")
def predictions(first_run) -> list[Prediction]:
    """The predictions that the Evaluator wrote."""
    store = connect(os.path.join(first_run.config.run_dir, "metadata.sqlite"))
    outputs = latest_execution(store, "e2e", "Evaluator").outputs
    return read_predictions(next(output.uri for output in outputs if output.key == "video_metrics"))


def deepfake(folder: pathlib.Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from pipeline.cli.app import main; main()", "score", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_evaluation_command_and_script_give_the_same_probability(copied_model, predictions, demo_data, tmp_path):
    videos = {str(demo_data / each.uri): each.probability_fake for each in predictions}
    few = sorted(videos)[:3]
    ended = deepfake(tmp_path, *few, "--model", str(copied_model), "--out", "few.jsonl", "--cache-dir", "none")
    assert ended.returncode == 0, ended.stderr
    rows = [json.loads(line) for line in (tmp_path / "few.jsonl").read_text().splitlines()]
    assert [row["uri"] for row in rows] == few
    for row in rows:
        assert row["probability"] == pytest.approx(videos[row["uri"]], abs=TOLERANCE)
        assert row["probability_std"] == 0.0
        clip = decode_clip(row["uri"], sampling="uniform", frames=20, size=224)
        np.save(tmp_path / "frames.npy", clip.frames)
        script = [sys.executable, "-c", TEN_LINES, str(copied_model), str(tmp_path / "frames.npy")]
        served = subprocess.run(script, capture_output=True, text=True, check=True)
        assert float(served.stdout) == pytest.approx(row["probability"], abs=TOLERANCE)


def test_all_videos_by_beam_are_scored_as_they_were_evaluated(copied_model, predictions, demo_data, tmp_path):
    ended = deepfake(tmp_path, str(demo_data), "--model", str(copied_model), "--out", "all.csv", "--workers", "1")
    assert ended.returncode == 0, ended.stderr
    with (tmp_path / "all.csv").open() as file:
        rows = {os.path.basename(row["uri"]): row for row in csv.DictReader(file)}
    listed = json.loads((demo_data / "metadata.json").read_text())
    assert set(rows) == set(listed)
    for each in predictions:
        probability = float(rows[os.path.basename(each.uri)]["probability"])
        assert probability == pytest.approx(each.probability_fake, abs=TOLERANCE)
    # The data set has labels, so metrics are printed.
    assert any(line.split()[:1] == ["auc"] for line in ended.stdout.splitlines())
    known = sum(row["in_training"] == "true" for row in rows.values())
    assert 0 < known < len(rows)
    assert f" {known} left out, which the model was trained on" in ended.stdout
    groups = {listed[name].get("original") or name for name, row in rows.items() if row["in_training"] == "false"}
    assert f"in {len(groups)} groups" in ended.stdout
    assert "its figures say nothing of real forgeries" in ended.stdout


def test_features_of_the_run_are_those_of_the_score(first_run, predictions, demo_data, tmp_path):
    cache = pathlib.Path(first_run.config.feature_cache_dir)
    before = set(cache.rglob("*.features"))
    video = str(demo_data / predictions[0].uri)
    ended = deepfake(tmp_path, video, "--runs-dir", first_run.config.runs_dir)
    assert ended.returncode == 0, ended.stderr
    assert set(cache.rglob("*.features")) == before
    lines = ended.stdout.splitlines()
    assert any(line.startswith("model ") and first_run.config.runs_dir in line for line in lines)
    assert any(line.startswith("verdict ") for line in lines)
    assert any(line.startswith("test ") and "test video" in line for line in lines)


def test_sample_of_the_challenge_is_filled(shared_data, copied_model, demo_data, tmp_path):
    sample = shared_data / "dfdc_metadata" / "sample_submission.csv"
    names = [line.split(",")[0] for line in sample.read_text().splitlines()[1:]]
    videos = tmp_path / "test_videos"
    videos.mkdir()
    clips = sorted(demo_data.glob("*.mp4"))[:4]
    for name, clip in zip(names, clips, strict=False):
        shutil.copy(clip, videos / name)
    (videos / names[4]).write_bytes(b"no video")
    ended = deepfake(
        *(tmp_path, "test_videos/", "--model", str(copied_model)),
        *("--submission", "submission.csv", "--like", str(sample), "--prior", "0.4"),
    )
    assert ended.returncode == 3, ended.stderr
    header, *rows = csv.reader((tmp_path / "submission.csv").read_text().splitlines())
    assert header == ["filename", "label"]
    assert [name for name, _ in rows] == names
    assert all(0.01 <= float(value) <= 0.99 for _, value in rows)
    assert [float(value) for _, value in rows[4:]] == [0.4] * (len(names) - 4)
    assert f"{len(names)} rows, 4 scored, {len(names) - 4} at the prior 0.4" in ended.stdout
    assert f"not there  {len(names) - 5} videos: {names[5]}, {names[6]}, {names[7]} and" in ended.stdout
    assert f"unscored   1 video: {names[4]}" in ended.stdout


def test_damaged_folder_is_one_line(copied_model, demo_data, tmp_path):
    broken = pathlib.Path(shutil.copytree(copied_model, tmp_path / "broken"))
    (weights,) = (broken / "variables").glob("variables.data*")
    weights.write_bytes(weights.read_bytes()[: weights.stat().st_size // 2])
    ended = deepfake(tmp_path, str(next(demo_data.glob("*.mp4"))), "--model", str(broken))
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert f"{broken}: variables/variables.data-" in line
    assert "copy the whole folder" in line
