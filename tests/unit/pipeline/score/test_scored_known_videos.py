"""Videos that the model was trained on are told, and left out of its figures."""

import csv
import json
import pathlib
import shutil

import numpy as np
import pytest
from model_training import trained_on
from pyarrow import parquet
from sklearn.metrics import log_loss

from components.json_lines import read_json_lines

LABELS = {"20.mp4": "REAL", "60.mp4": "REAL", "128.mp4": "FAKE", "200.mp4": "FAKE", "240.mp4": "FAKE"}


@pytest.fixture
def videos(clips, tmp_path) -> pathlib.Path:
    """The clips with labels; 128.mp4 is a fake of 60.mp4."""
    folder = pathlib.Path(shutil.copytree(clips, tmp_path / "videos"))
    for name in ("text.mp4", "empty.mp4"):
        (folder / name).unlink()
    entries = {name: {"label": label} for name, label in LABELS.items()}
    entries["128.mp4"]["original"] = "60.mp4"
    (folder / "metadata.json").write_text(json.dumps(entries))
    return folder


def told(path: pathlib.Path) -> dict[str, tuple[str, str]]:
    return {pathlib.Path(row["uri"]).name: (row["in_training"], row["known_by"]) for row in read_json_lines(str(path))}


def test_a_known_file_is_told_under_any_name_and_its_group_with_it(score, model_folder, clips, videos, tmp_path):
    model = trained_on(model_folder, tmp_path / "1", files=[clips / "60.mp4"], groups=["200.mp4"])
    (videos / "20.mp4").write_bytes((clips / "60.mp4").read_bytes())
    _, text = score(str(videos), model=model, out=str(tmp_path / "rows.jsonl"))
    assert told(tmp_path / "rows.jsonl") == {
        "20.mp4": ("true", "digest"),
        "60.mp4": ("true", "digest"),
        "128.mp4": ("true", "group"),
        "200.mp4": ("true", "group"),
        "240.mp4": ("false", ""),
    }
    assert "training   4 in the model's training (2 the same file, 2 of a training group), 1 not" in text
    assert "no figures: the model was trained on 4 of 5 labelled videos, and those left are of one class" in text


def test_figures_leave_out_what_the_model_knew_and_are_told_both_ways(score, model_folder, videos, tmp_path):
    model = trained_on(model_folder, tmp_path / "1", groups=["60.mp4"])
    _, text = score(str(videos), model=model, out=str(tmp_path / "rows.jsonl"))
    rows = {pathlib.Path(row["uri"]).name: row["probability"] for row in read_json_lines(str(tmp_path / "rows.jsonl"))}

    def direct(names: set[str]) -> float:
        return log_loss([LABELS[name] == "FAKE" for name in sorted(names)], [rows[name] for name in sorted(names)])

    (line,) = (line.split() for line in text.splitlines() if line.startswith("log_loss"))
    left = direct(set(LABELS) - {"60.mp4", "128.mp4"})
    assert float(line[1]) == pytest.approx(left, abs=6e-4)
    assert float(line[5]) == pytest.approx(direct(set(LABELS)), abs=6e-4)
    assert "2 FAKE, 1 REAL, in 3 groups; 2 left out, which the model was trained on; 95%" in text


def test_all_known_is_refused_and_a_model_of_before_says_unknown(score, model_folder, videos, tmp_path):
    names = [videos / name for name in LABELS]
    _, text = score(str(videos), model=trained_on(model_folder, tmp_path / "1", files=names))
    assert "no figures: the model was trained on 5 of 5 labelled videos, and none is left" in text
    _, text = score(str(videos), out=str(tmp_path / "rows.jsonl"))
    assert set(told(tmp_path / "rows.jsonl").values()) == {("unknown", "")}
    assert "training   5 unknown" in text
    assert "log_loss" in text


def test_labels_without_groups_prove_no_group(score, model_folder, videos, tmp_path):
    model = trained_on(model_folder, tmp_path / "1", groups=["60.mp4"])
    (videos / "metadata.json").unlink()
    labels = tmp_path / "labels.csv"
    labels.write_text("\n".join(["filename,label", *(f"{name},{label}" for name, label in LABELS.items())]))
    score(str(videos), model=model, labels=str(labels), out=str(tmp_path / "rows.jsonl"))
    assert set(told(tmp_path / "rows.jsonl").values()) == {("false", "")}


def test_a_submission_is_measured_without_what_the_model_knew(score, model_folder, videos, tmp_path):
    model = trained_on(model_folder, tmp_path / "1", files=[videos / "20.mp4"])
    sample = tmp_path / "sample.csv"
    sample.write_text("\n".join(["filename,label", *(f"{name},0.5" for name in LABELS)]) + "\n")
    _, text = score(str(videos), model=model, like=str(sample), submission=str(tmp_path / "submission.csv"))
    assert "3 FAKE, 1 REAL, in 3 groups; 1 left out, which the model was trained on; 95%" in text


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (True, "the model was trained on this very file, so that its score proves nothing"),
        (False, "the model was not trained on this file"),
        (None, "unknown is whether the model was trained on it"),
    ],
)
def test_every_form_says_it_of_a_single_video(score, model_folder, clips, tmp_path, known, words):
    model = str(model_folder)
    if known is not None:
        model = trained_on(model_folder, tmp_path / "1", files=[clips / ("60.mp4" if known else "20.mp4")])
    expected = {True: "true", False: "false", None: "unknown"}[known]
    _, text = score(str(clips / "60.mp4"), model=model, out=str(tmp_path / "row.csv"))
    assert f"training   {words}" in text
    with (tmp_path / "row.csv").open(newline="") as file:
        assert [row["in_training"] for row in csv.DictReader(file)] == [expected]
    score(str(clips / "60.mp4"), model=model, out=str(tmp_path / "row.parquet"))
    assert parquet.read_table(tmp_path / "row.parquet")["in_training"].to_pylist() == [expected]


def test_a_file_that_is_no_video_is_known_by_its_digest_too(score, model_folder, clips, tmp_path):
    model = trained_on(model_folder, tmp_path / "1", files=[clips / "text.mp4", clips / "20.mp4"])
    score(str(clips), model=model, out=str(tmp_path / "rows.jsonl"))
    found = told(tmp_path / "rows.jsonl")
    assert (found["text.mp4"], found["20.mp4"], found["60.mp4"]) == (
        ("true", "digest"),
        ("true", "digest"),
        ("false", ""),
    )


def test_beam_tells_the_same(score, model_folder, clips, tmp_path):
    model = trained_on(model_folder, tmp_path / "1", files=[clips / "20.mp4"])
    paths = [str(clips / name) for name in ("20.mp4", "60.mp4")]
    score(*paths, model=model, out=str(tmp_path / "here.jsonl"))
    score(*paths, model=model, out=str(tmp_path / "beam.jsonl"), beam_args=("--sdk_container_image=none",))
    here, beam = (read_json_lines(str(tmp_path / f"{name}.jsonl")) for name in ("here", "beam"))
    assert [row["in_training"] for row in here] == [row["in_training"] for row in beam] == ["true", "false"]
    assert np.allclose([row["probability"] for row in here], [row["probability"] for row in beam])
