"""The inputs of a scoring run are checked and pinned before anything runs."""

import json
import os
import shutil

import pytest
from brightness_model import DESCRIPTION, write_brightness_model

from components.errors import UserError
from pipeline.config.load import load_config
from pipeline.config.scoring import ScoringConfig
from pipeline.inputs.scoring import pin_scoring_inputs


@pytest.fixture
def videos(tmp_path, grey_clip):
    grey_clip(tmp_path / "videos" / "a.mp4", 100)
    grey_clip(tmp_path / "videos" / "deep" / "er" / "b.mp4", 200)
    return tmp_path / "videos"


@pytest.fixture
def pin(videos, model_folder, tmp_path):
    """Pins a run on the clips with settings; returns the config and the messages."""
    told: list[str] = []

    def pin(*settings: str) -> ScoringConfig:
        given = [f"runs_dir={tmp_path / 'runs'}", f"data.root={videos}", f"model={model_folder}", *settings]
        return pin_scoring_inputs(load_config("scoring", given, ScoringConfig), told.append)

    pin.told = told
    return pin


def test_model_that_was_pushed_last_is_pinned_by_its_path_and_digest(pin, model_folder, tmp_path):
    pushed = tmp_path / "runs" / "demo" / "model" / "1795571968"
    shutil.copytree(model_folder, pushed)
    config = pin("model=latest")
    assert (config.model, config.model_digest) == (str(pushed), DESCRIPTION["model_digest"])


@pytest.mark.e2e
def test_same_videos_have_the_same_fingerprint_and_others_another(pin, videos, grey_clip):
    first = pin().data.fingerprint
    assert pin().data.fingerprint == first
    (videos / "notes.txt").write_text("no video")
    assert pin().data.fingerprint == first
    clip = videos / "deep" / "er" / "b.mp4"
    os.utime(clip, ns=(0, os.stat(clip).st_mtime_ns + 2 * 10**9))
    second = pin().data.fingerprint
    (videos / "deep" / "metadata.json").write_text(json.dumps({"x.mp4": {"label": "REAL"}}))
    assert len({first, second, pin().data.fingerprint}) == 3


def test_labels_and_videos_without_a_partner_are_told(pin, videos):
    listed = {name: {"label": "REAL"} for name in ("a.mp4", "gone.mp4")}
    (videos / "metadata.json").write_text(json.dumps(listed))
    pin()
    assert pin.told == [
        "labels of no video that is there: 1 ('gone.mp4')",
        "labels: none for videos: 1 ('deep/er/b.mp4')",
    ]


def test_labels_that_cannot_be_used_are_told(pin, videos):
    (videos / "metadata.json").write_text("{")
    pin()
    (line,) = pin.told
    assert line.startswith("labels not used: ")


def test_sample_is_pinned_by_its_content(pin, tmp_path):
    sample = tmp_path / "sample.csv"
    digests = set()
    for names in ("a.mp4,0\n", "a.mp4,0\nb.mp4,0\n"):
        sample.write_text(f"filename,label\n{names}")
        digests.add(pin(f"submission.like={sample}").submission.like_digest)
    assert len(digests) == 2


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (["data.root="], "data.root is not set; type --data-root DIR"),
        (["data.root=nowhere"], "data.root='nowhere': no such folder"),
        (["model=latest"], "no run has pushed a model there; type --set model=DIR"),
        (["model=nowhere"], "nowhere: no such folder; give a version folder"),
        (["model_digest=cd"], "not model_digest=cd; correct one of them"),
        (["submission.like=nowhere.csv"], "nowhere.csv: cannot be read"),
    ],
)
def test_what_cannot_be_done_is_one_line(pin, settings, words):
    with pytest.raises(UserError) as told:
        pin(*settings)
    assert words in str(told.value)
    assert "\n" not in str(told.value)


def test_damaged_model_is_told_before_anything_runs(pin, tmp_path):
    broken = write_brightness_model(tmp_path / "broken")
    (broken / "saved_model.pb").write_bytes(b"no graph")
    with pytest.raises(UserError, match="broken: the model cannot be loaded"):
        pin(f"model={broken}")


def test_face_detector_that_needs_a_file_asks_for_it(pin, tmp_path):
    wanted = write_brightness_model(tmp_path / "yunet", crop="face", face_detector="yunet")
    with pytest.raises(UserError, match=r"found by yunet; type --set extraction\.face_model=FILE"):
        pin(f"model={wanted}")
