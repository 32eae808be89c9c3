"""Labels passed with the videos or found next to them: which videos they belong to, and the resulting metrics."""

import json
import pathlib
import shutil

import numpy as np
import pytest

from components.errors import UserError
from components.json_lines import read_json_lines

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
    scored = [row for row in read_json_lines(str(tmp_path / "rows.jsonl")) if row["probability"] is not None]
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
    assert len(read_json_lines(str(tmp_path / "rows.jsonl"))) == 7


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
