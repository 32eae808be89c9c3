"""Videos in, one row each out: by paths as people give them, in this process and by Beam."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from components.errors import UserError
from pipeline.score.videos import FEW


@pytest.fixture(scope="session")
def clips(grey_clip, tmp_path_factory) -> pathlib.Path:
    """A folder of videos; of what is no video, too."""
    folder = tmp_path_factory.mktemp("clips")
    for brightness in (20, 60, 128, 200, 240):
        grey_clip(folder / f"{brightness}.mp4", brightness)
    (folder / "text.mp4").write_text("no video")
    (folder / "empty.mp4").touch()
    return folder


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
        assert row["probability"] == pytest.approx(int(name.removesuffix(".mp4")) / 255, abs=0.02)
        assert row["probability"] == pytest.approx(np.mean(row["frame_scores"]), abs=1e-6)
        assert row["frames"] == len(row["frame_scores"]) == len(row["frame_timestamps_s"]) == 8
        assert row["frame_timestamps_s"] == pytest.approx([index / 10 for index in range(8)], abs=1e-3)


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


def test_second_call_reads_the_features_of_the_first(score, clips, tmp_path):
    moved = tmp_path / "20.mp4"
    shutil.copy(clips / "20.mp4", moved)
    for name in ("first", "second"):
        score(str(moved), out=str(tmp_path / f"{name}.jsonl"), cache_dir=str(tmp_path / "cache"))
    (entry,) = (tmp_path / "cache").rglob("*.features")
    assert read(tmp_path / "first.jsonl") == read(tmp_path / "second.jsonl")
    # It is the entry that was read: with another one, the video is scored by that.
    shutil.copy(clips / "240.mp4", tmp_path / "white.mp4")
    score(str(tmp_path / "white.mp4"), cache_dir=str(tmp_path / "cache"))
    (other,) = set((tmp_path / "cache").rglob("*.features")) - {entry}
    shutil.copy(other, entry)
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
        # Equal frames are one that lasts longer.
        durations = 0
        for index in range(gif.n_frames):
            gif.seek(index)
            durations += gif.info["duration"]
            assert np.asarray(gif.convert("RGB")).mean() == pytest.approx(200, abs=5)
    assert durations == pytest.approx(7 * 100 + 500, abs=20)


def test_gif_of_several_videos_is_refused(score, clips, tmp_path):
    with pytest.raises(UserError, match="7 videos are given; give one"):
        score(str(clips), gif=str(tmp_path / "frames.gif"))


def test_submission_fills_the_sample_and_tells_each_difference(score, clips, tmp_path):
    sample, target = tmp_path / "sample.csv", tmp_path / "submission.csv"
    sample.write_text("filename,label\n240.mp4,0\nabsent.mp4,0\ntext.mp4,0\n20.mp4,0\n")
    complete, text = score(str(clips), submission=str(target), like=str(sample), prior=0.3)
    assert not complete
    header, *rows = (line.split(",") for line in target.read_text().splitlines())
    values = {name: float(value) for name, value in rows}
    assert header == ["filename", "label"]
    assert list(values) == ["240.mp4", "absent.mp4", "text.mp4", "20.mp4"]
    assert (values["absent.mp4"], values["text.mp4"]) == (0.3, 0.3)
    assert values["240.mp4"] > 0.9
    assert values["20.mp4"] < 0.1
    lines = text.splitlines()
    assert f"submission {target}: 4 rows, 2 scored, 2 at the prior 0.3" in lines
    assert "not there  1 video: absent.mp4" in lines
    assert "unscored   1 video: text.mp4" in lines
    assert any(line.startswith("not asked  4 videos: ") and line.endswith(" and 1 more") for line in lines)


def test_figures_of_a_submission_are_those_of_its_values(score, clips, tmp_path):
    sample, labels = tmp_path / "sample.csv", tmp_path / "labels.csv"
    sample.write_text("filename,label\n240.mp4,0\nabsent.mp4,0\ntext.mp4,0\n20.mp4,0\n")
    labels.write_text("filename,label\n240.mp4,FAKE\nabsent.mp4,FAKE\ntext.mp4,REAL\n20.mp4,REAL\n200.mp4,REAL\n")
    target = tmp_path / "submission.csv"
    _, text = score(str(clips), submission=str(target), like=str(sample), labels=str(labels), clip=0.1)
    values = [float(line.split(",")[1]) for line in target.read_text().splitlines()[1:]]
    assert values == [0.9, 0.5, 0.5, 0.1]
    assert ["log_loss", f"{-np.log([0.9, 0.5, 0.5, 0.9]).mean():.3f}"] in [
        line.split()[:2] for line in text.splitlines()
    ]
    assert any(line.startswith("2 FAKE, 2 REAL, in 4 groups; 95%") for line in text.splitlines())


LABELS = {"20.mp4": "REAL", "60.mp4": "REAL", "200.mp4": "FAKE", "240.mp4": "FAKE", "text.mp4": "FAKE"}


@pytest.mark.parametrize("where", ["beside", "metadata.json", "labels.csv"])
def test_labels_give_log_loss_and_auc_with_counts_and_intervals(score, clips, tmp_path, where):
    videos = pathlib.Path(shutil.copytree(clips, tmp_path / "videos"))
    (videos / "128.mp4").unlink()
    (videos / "empty.mp4").unlink()
    wanted = {}
    if where == "labels.csv":
        wanted["labels"] = str(tmp_path / where)
        lines = [f"{name},{int(label == 'FAKE')}" for name, label in LABELS.items()]
        (tmp_path / where).write_text("\n".join(["filename,label", *lines]))
    else:
        target = (videos if where == "beside" else tmp_path) / "metadata.json"
        target.write_text(json.dumps({name: {"label": label} for name, label in LABELS.items()}))
        wanted["labels"] = "" if where == "beside" else str(target)
    _, text = score(str(videos), out=str(tmp_path / "rows.jsonl"), **wanted)
    lines = [line.split() for line in text.splitlines()]
    assert ["auc", "1.000", "1.000", "to", "1.000"] in lines
    scored = [row for row in read(tmp_path / "rows.jsonl") if row["probability"] is not None]
    fakes = np.asarray([LABELS[pathlib.Path(row["uri"]).name] == "FAKE" for row in scored])
    probabilities = np.asarray([row["probability"] for row in scored])
    log_loss = -np.mean(np.log(np.where(fakes, probabilities, 1 - probabilities)))
    assert ["log_loss", f"{log_loss:.3f}"] in [line[:2] for line in lines]
    assert any(
        line.startswith("2 FAKE, 2 REAL, in 4 groups; 1 labelled videos left out, which could not be scored; 95%")
        for line in text.splitlines()
    )


def test_labels_that_nobody_asked_for_stop_nothing(score, clips, tmp_path):
    videos = pathlib.Path(shutil.copytree(clips, tmp_path / "videos"))
    (videos / "metadata.json").write_text('{"20.mp4": {}}')
    _, text = score(str(videos / "20.mp4"), str(videos), out=str(tmp_path / "rows.jsonl"))
    assert any(line.startswith("labels     not used: ") and "label is missing" in line for line in text.splitlines())
    assert len(read(tmp_path / "rows.jsonl")) == 7


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (
            "labels.csv",
            "filename,label\n20.mp4,maybe\n",
            "20.mp4 has the label 'maybe'; allowed are FAKE, REAL, 1 and 0",
        ),
        ("labels.json", '{"20.mp4": {"label": "fake"}}', "did you mean FAKE"),
        ("labels.json", "[", "cannot be read as JSON"),
        ("labels.json", "[]", "lists no videos"),
    ],
)
def test_wrong_labels_are_told_before_anything_is_scored(score, clips, tmp_path, name, text, words):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(UserError) as told:
        score(str(clips), labels=str(path), out=str(tmp_path / "rows.jsonl"))
    assert words in str(told.value)
    assert not (tmp_path / "rows.jsonl").exists()


def test_labels_are_of_the_videos_at_their_paths(score, grey_clip, tmp_path):
    for folder, brightness in (("real", 20), ("fake", 240)):
        grey_clip(tmp_path / "v[1]" / folder / "000.mp4", brightness)
    grey_clip(tmp_path / "v[1]" / "fake" / "001.mp4", 200)
    labels = tmp_path / "labels.csv"
    labels.write_text("filename,label\nreal/000.mp4,FAKE\nfake/000.mp4,REAL\ngone.mp4,REAL\n")
    _, text = score(str(tmp_path / "v[1]"), labels=str(labels))
    assert ["auc", "0.000"] in [line.split()[:2] for line in text.splitlines()]
    assert "labels     of no video that is given: 1 ('gone.mp4')" in text.splitlines()
    assert f"labels     none for videos: 1 ('{tmp_path}/v[1]/fake/001.mp4')" in text.splitlines()


@pytest.mark.parametrize("names", [("000.mp4",), ("gone.mp4", "real/001.mp4")])
def test_labels_of_which_none_is_meant_are_told_before_anything_is_scored(score, tmp_path, names):
    for folder in ("real", "fake"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "000.mp4").touch()
    labels = tmp_path / "elsewhere.csv"
    labels.write_text("\n".join(["filename,label", *(f"{name},FAKE" for name in names)]))
    with pytest.raises(UserError, match=f"none of its names, such as '{names[0]}', means one of the videos; write"):
        score(str(tmp_path / "real"), str(tmp_path / "fake"), labels=str(labels), out=str(tmp_path / "rows.csv"))
    assert not (tmp_path / "rows.csv").exists()


def test_labels_beside_that_lack_a_partner_are_told(score, grey_clip, tmp_path):
    for name, brightness in (("20.mp4", 20), ("240.mp4", 240), ("100.mp4", 100)):
        grey_clip(tmp_path / name, brightness)
    listed = {"20.mp4": "REAL", "240.mp4": "FAKE", "gone.mp4": "FAKE"}
    (tmp_path / "metadata.json").write_text(json.dumps({name: {"label": label} for name, label in listed.items()}))
    _, text = score(str(tmp_path))
    assert f"labels     of no video that is given: 1 ('{tmp_path}/gone.mp4')" in text.splitlines()
    assert f"labels     none for videos: 1 ('{tmp_path}/100.mp4')" in text.splitlines()


def test_sample_names_a_video_in_whatever_form_its_name_is_kept(score, grey_clip, tmp_path):
    grey_clip(tmp_path / "v" / "cafe\u0301.mp4", 240)
    sample, target = tmp_path / "sample.csv", tmp_path / "submission.csv"
    sample.write_text("filename,label\ncaf\u00e9.mp4,0\n", encoding="utf-8")
    labels = tmp_path / "labels.csv"
    labels.write_text("filename,label\ncaf\u00e9.mp4,1\n", encoding="utf-8")
    complete, text = score(str(tmp_path / "v"), submission=str(target), like=str(sample), labels=str(labels))
    assert complete
    assert "labels" not in text.splitlines()[0]
    name, value = target.read_text(encoding="utf-8").splitlines()[1].split(",")
    assert name == "caf\u00e9.mp4"
    assert float(value) > 0.9


def test_model_and_files_may_be_in_folders_of_any_name(score, grey_clip, model_folder, tmp_path):
    home = tmp_path / "a[1] {b}*?"
    model = shutil.copytree(model_folder, home / "m*" / "1795571968")
    clip = grey_clip(home / "[1]*?.mp4", 240)
    wanted = {"model": str(model), "cache_dir": str(home / "cache[1]"), "out": str(home / "rows[*].jsonl")}
    complete, _ = score(clip, gif=str(home / "g[1].gif"), **wanted)
    assert complete
    # By Beam, and from the cache.
    score(clip, beam_args=("--direct_num_workers=1",), **wanted)
    (row,) = read(home / "rows[*].jsonl")
    assert (row["uri"], row["verdict"]) == (clip, "FAKE")
    assert sorted(os.listdir(home)) == sorted(["m*", "[1]*?.mp4", "cache[1]", "rows[*].jsonl", "g[1].gif"])
