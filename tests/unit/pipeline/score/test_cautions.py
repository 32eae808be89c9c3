"""A clip that the model was not made for gets a caution in every output."""

import csv
import json
import pathlib
import re
import shutil
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pydantic
import pytest
from brightness_model import write_brightness_model
from pyarrow import parquet

from components.served_model.folder import open_model
from components.submission_gen.caution import CAUTION_IN_WORDS
from components.submission_gen.rows import Row
from pipeline.score.explain.frames import sampled_clip
from pipeline.score.videos import extraction_settings

BRIGHT = 200


def write(path: pathlib.Path, *, frames: int = 12, size: tuple[int, int] = (96, 96), **wanted: Any) -> None:
    """Writes a bright H.264 clip; `wanted` are stream attributes, apart from `options`, `streams` and `container`."""
    options = {"threads": "1", **wanted.pop("options", {})}
    count = wanted.pop("streams", 1)
    width, height = size
    picture = np.full((height, width, 3), BRIGHT, np.uint8)
    with av.open(str(path), "w", options=wanted.pop("container", {})) as container:
        streams = [container.add_stream("libx264", rate=10, options=options) for _ in range(count)]
        for stream in streams:
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            for name, value in wanted.items():
                setattr(stream.codec_context, name, value)
        for number in range(frames):
            for stream in streams:
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, 10)
                container.mux(stream.encode(frame))
        for stream in streams:
            container.mux(stream.encode())


def write_cut(path: pathlib.Path) -> None:
    write(path, frames=40, options={"g": "5", "qp": "0"}, container={"movflags": "faststart"})
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"mdat") + (len(content) - content.index(b"mdat")) * 3 // 4])


HDR = {"options": {"x264-params": "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"}}
CLIPS: dict[str, tuple[Callable[[pathlib.Path], None], list[str]]] = {
    "plain": (write, []),
    "single": (lambda path: write(path, frames=1), ["few_frames"]),
    "tiny": (lambda path: write(path, size=(16, 16)), ["small_picture"]),
    "narrow": (lambda path: write(path, size=(320, 32)), ["small_picture"]),
    "both": (lambda path: write(path, frames=2, size=(16, 16)), ["few_frames", "small_picture"]),
    "cut": (write_cut, ["truncated"]),
    "wide": (lambda path: write(path, sample_aspect_ratio=Fraction(2, 1)), ["pixel_aspect_ignored"]),
    "several": (lambda path: write(path, streams=2), ["several_video_streams"]),
    "hdr": (lambda path: write(path, **HDR), ["hdr_as_sdr"]),
}


@pytest.fixture(scope="module")
def clips(tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("clips")
    for name, (make, _) in CLIPS.items():
        make(folder / f"{name}.mp4")
    (folder / "text.mp4").write_text("no video")
    return folder


def by_name(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {pathlib.Path(row["uri"]).stem: row for row in rows}


def test_each_form_of_the_rows_has_cautions(score, clips, tmp_path):
    few = [str(clips / f"{name}.mp4") for name in ("single", "cut", "plain", "text")]
    for form in ("csv", "jsonl", "parquet"):
        score(*few, out=str(tmp_path / f"rows.{form}"))
    lines = by_name([json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()])
    table = by_name(parquet.read_table(tmp_path / "rows.parquet").to_pylist())
    with (tmp_path / "rows.csv").open() as file:
        text = by_name(list(csv.DictReader(file)))
    for name, expected in (("single", ["few_frames"]), ("cut", ["truncated"]), ("plain", []), ("text", [])):
        assert lines[name]["caution"] == table[name]["caution"] == json.loads(text[name]["caution"]) == expected
        assert lines[name]["truncated"] == table[name]["truncated"] == (text[name]["truncated"] == "true")
        assert lines[name]["truncated"] == (name == "cut")


@pytest.mark.parametrize("name", CLIPS)
def test_each_kind_has_its_caution_in_words_and_on_its_page(score, clips, tmp_path, name):
    _, expected = CLIPS[name]
    complete, text = score(
        str(clips / f"{name}.mp4"), out=str(tmp_path / "row.jsonl"), explain=str(tmp_path / "page.html")
    )
    assert complete
    row = json.loads((tmp_path / "row.jsonl").read_text())
    assert row["caution"] == expected
    assert row["verdict"] == "FAKE"
    assert row["color"] == ("hdr_as_sdr" if name == "hdr" else "sdr")
    assert row["sampled_as"] == "uniform"
    assert row["crop_side"] == {"tiny": 16, "both": 16, "narrow": 32}.get(name, 96)
    page = " ".join(re.sub(r"<[^>]+>", " ", (tmp_path / "page.html").read_text()).split())
    told = [line.removeprefix("caution").strip() for line in text.splitlines() if line.startswith("caution ")]
    assert told == ["; ".join(f"{each}: {CAUTION_IN_WORDS[each]}" for each in expected)][: len(expected)]
    for caution, words in CAUTION_IN_WORDS.items():
        assert (f"Caution. {words[0].upper()}{words[1:]}." in page) == (caution in expected)


@pytest.mark.e2e
def test_hdr_is_tone_mapped_where_it_was_for_the_models_training(score, clips, tmp_path):
    model = write_brightness_model(tmp_path / "17", hdr="tone_map")
    path = str(clips / "hdr.mp4")
    score(path, model=str(model), out=str(tmp_path / "row.jsonl"))
    row = json.loads((tmp_path / "row.jsonl").read_text())
    assert (row["color"], row["caution"]) == ("hdr_tone_mapped", [])
    settings = extraction_settings(open_model(str(model)), cache_dir="", face_model="")
    shown = sampled_clip(path, pydantic.TypeAdapter(Row).validate_python(row), settings, option="--gif")
    assert shown.color == "hdr_tone_mapped"
    assert shown.frames.mean() / 255 == pytest.approx(row["probability"], abs=1e-3)
    assert shown.frames.mean() > BRIGHT + 10


def test_table_marks_cautions_and_tells_what_the_marks_mean(score, clips):
    _, text = score(*(str(clips / f"{name}.mp4") for name in ("single", "cut", "plain", "text")))
    lines = text.splitlines()
    header = next(line.split() for line in lines if line.startswith("verdict "))
    assert header == ["verdict", "score", "caution", "reason", "video"]
    marks = {pathlib.Path(line.split()[-1]).stem: line.split()[2] for line in lines if line.startswith("FAKE")}
    assert marks == {"single": "1", "cut": "2", "plain": str(clips / "plain.mp4")}
    assert f"caution 1  few_frames, 1 video: {CAUTION_IN_WORDS['few_frames']}" in lines
    assert f"caution 2  truncated, 1 video: {CAUTION_IN_WORDS['truncated']}" in lines


def test_table_has_no_column_for_nothing(score, clips, tmp_path):
    for name in ("one.mp4", "two.mp4"):
        shutil.copy(clips / "plain.mp4", tmp_path / name)
    _, text = score(str(tmp_path))
    assert "caution" not in text


def test_beyond_the_rows_that_are_shown_cautions_are_counted(score, clips, tmp_path):
    for number in range(31):
        shutil.copy(clips / f"{'single' if number == 30 else 'plain'}.mp4", tmp_path / f"{number:02}.mp4")
    _, text = score(str(tmp_path), cache_dir=str(tmp_path / "cache"))
    assert f"caution 1  few_frames, 1 video: {CAUTION_IN_WORDS['few_frames']}" in text.splitlines()


def test_keyframes_that_are_not_known_are_told(score, tmp_path):
    model = write_brightness_model(tmp_path / "17", sampling="keyframes")
    # Packets of raw H.264 have no times, so the times of its keyframes are unknown.
    write(tmp_path / "raw.h264", frames=30, options={"g": "3"})
    write(tmp_path / "known.mp4", frames=30, options={"g": "3"})
    for name, said, sampled_as in (("raw.h264", ["other_sampling"], "uniform"), ("known.mp4", [], "keyframes")):
        score(str(tmp_path / name), model=str(model), out=str(tmp_path / "row.jsonl"))
        row = json.loads((tmp_path / "row.jsonl").read_text())
        assert (row["caution"], row["sampled_as"]) == (said, sampled_as)
