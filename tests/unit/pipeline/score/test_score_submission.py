"""A submission is the sample with its values filled in."""

import numpy as np


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
