"""A long video is scored by windows, and has one row that tells where."""

import csv
import json
import pathlib

import numpy as np
import pytest
from brightness_model import write_brightness_model
from PIL import Image
from pyarrow import parquet
from tensorflow_metadata.proto.v0 import statistics_pb2

from components.errors import UserError
from components.served_model.real_clips import describe_real_clips
from components.served_model.training_statistics import STATISTICS_FILE
from components.served_model.window_options import WindowOptions
from pipeline.demo_data.encoding import write_clip

LENGTH_S = 2.0
DARK, BRIGHT = 40, 230


def write_training_statistics(model: pathlib.Path, median_s: float) -> None:
    statistics = statistics_pb2.DatasetFeatureStatisticsList()
    feature = statistics.datasets.add(name="train", num_examples=10).features.add(name="duration_s")
    feature.num_stats.median = median_s
    (model / STATISTICS_FILE).write_bytes(statistics.SerializeToString())


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> str:
    """A model that learnt from videos of two seconds, of which real ones are dark."""
    real_clips = describe_real_clips(np.random.default_rng(0).logistic(-2, 0.3, 100))
    aggregation = {"rule": "largest", "real_clips": real_clips.model_dump()}
    folder = write_brightness_model(tmp_path_factory.mktemp("windowed") / "17", aggregation=aggregation)
    write_training_statistics(folder, LENGTH_S)
    return str(folder)


@pytest.fixture(scope="module")
def video(tmp_path_factory) -> str:
    """Thirty seconds, of which those from 20 to 22 are bright."""
    path = tmp_path_factory.mktemp("long") / "long.mp4"
    levels = [BRIGHT if 200 <= number < 220 else DARK for number in range(300)]
    write_clip(path, (np.full((64, 64, 3), level, np.uint8) for level in levels), fps=10, bit_rate=100_000)
    return str(path)


@pytest.fixture
def row(score, model, tmp_path):
    """Scores one video, and returns its row."""

    def row(path: str, windows: WindowOptions | None = None, **wanted) -> dict:
        score(path, model=model, windows=windows or WindowOptions(), out=str(tmp_path / "row.jsonl"), **wanted)
        (line,) = (tmp_path / "row.jsonl").read_text().splitlines()
        return json.loads(line)

    return row


def test_the_forged_stretch_is_found_by_time(row, video):
    found = row(video)
    assert [(each["start_s"], each["end_s"]) for each in found["windows"]] == [
        (2.0 * n, 2.0 * n + 2) for n in range(15)
    ]
    for each in found["windows"]:
        assert each["probability"] == pytest.approx((BRIGHT if each["start_s"] == 20 else DARK) / 255, abs=0.03)
        assert each["faces"] == []
    assert (found["verdict"], found["duration_s"], found["not_looked_at"], found["caution"]) == ("FAKE", 30.0, [], [])
    assert 0.5 < found["probability"] < found["windows"][10]["probability"], "one of fifteen weighs less than one alone"
    assert found["frames"] == 300
    assert found["likelihood_ratio"] is None
    # Those of the window that weighs most.
    assert 20 <= min(found["frame_timestamps_s"]) <= max(found["frame_timestamps_s"]) < 22


def test_a_video_of_one_window_is_scored_as_a_whole(row, clips):
    found = row(str(clips / "200.mp4"))
    whole = row(str(clips / "200.mp4"), WindowOptions("whole"))
    assert found == whole
    ((window),) = found["windows"]
    assert (window["start_s"], window["end_s"], window["probability"]) == (0.0, 0.8, found["probability"])


def test_a_single_frame_has_a_window_too(row, grey_clip, tmp_path):
    found = row(grey_clip(tmp_path / "frame.mp4", 200, 1))
    ((window),) = found["windows"]
    assert (window["start_s"], window["probability"]) == (0.0, found["probability"])


def test_options_overrule_the_model_and_what_was_not_looked_at_is_said(row, video):
    whole = row(video, WindowOptions("whole"))
    assert (len(whole["windows"]), whole["verdict"]) == (1, "REAL")
    some = row(video, WindowOptions("5", start="0:10", end="25"))
    assert [each["start_s"] for each in some["windows"]] == [10, 15, 20]
    assert some["not_looked_at"] == [[0, 10], [25, 30]]
    assert some["caution"] == ["parts_not_looked_at"]
    few = row(video, WindowOptions(most=3))
    assert [each["start_s"] for each in few["windows"]] == [4, 14, 24]
    assert len(few["not_looked_at"]) == 4


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (WindowOptions("0"), "--windows 0"),
        (WindowOptions("0.01"), "--windows 0.01: type whole, or the length of a window, 0.2 s or more"),
        (WindowOptions("9" * 400), "is no time like 90"),
        (WindowOptions("soon"), "--windows: 'soon' is no time like 90"),
        (WindowOptions(start="1:2:3:4"), "--from"),
        (WindowOptions(start="10", end="0:05"), "--to 0:05: not after --from 10"),
    ],
)
def test_options_that_make_no_sense_are_refused(row, video, options, said):
    with pytest.raises(UserError, match=said):
        row(video, options)


def test_the_first_frames_of_a_whole_video_have_no_end(score, video, tmp_path):
    model = write_brightness_model(tmp_path / "18", sampling="first")
    score(video, model=str(model), windows=WindowOptions(), out=str(tmp_path / "row.jsonl"))
    found = json.loads((tmp_path / "row.jsonl").read_text())
    ((window),) = found["windows"]
    assert (window["start_s"], window["end_s"], found["duration_s"]) == (0, 1.9, 0)
    assert found["not_looked_at"] == []


def test_a_part_that_the_video_does_not_have_is_a_reason(row, video):
    found = row(video, WindowOptions(start="1:00"))
    assert (found["verdict"], found["reason"]) == ("UNSCORED", "no_frames")
    assert "ends at 30 s" in found["detail"]


def test_models_of_earlier_versions_take_videos_whole(score, video, tmp_path):
    score(video, out=str(tmp_path / "row.jsonl"), windows=WindowOptions())
    found = json.loads((tmp_path / "row.jsonl").read_text())
    assert len(found["windows"]) == 1
    with pytest.raises(UserError, match="of an earlier version, which takes videos whole"):
        score(video, windows=WindowOptions("2"))


@pytest.mark.e2e
def test_every_way_gives_the_same_row(score, model, video, clips, tmp_path):
    paths = [video, *(str(path) for path in sorted(clips.iterdir()))]
    options = {"model": model, "windows": WindowOptions()}
    cache = str(tmp_path / "cache")
    score(*paths, **options, out=str(tmp_path / "here.jsonl"))
    score(*paths, **options, out=str(tmp_path / "beam.jsonl"), beam_args=("--direct_num_workers=1",), cache_dir=cache)
    score(*paths, **options, out=str(tmp_path / "cached.jsonl"), cache_dir=cache)
    here, beam, cached = (
        [json.loads(line) for line in (tmp_path / f"{name}.jsonl").read_text().splitlines()]
        for name in ("here", "beam", "cached")
    )
    assert here == beam == cached
    assert len(list(pathlib.Path(cache).rglob("*.features"))) == 15 + 5


def test_windows_are_json_in_csv_and_nested_in_parquet(score, model, video, tmp_path):
    for name in ("row.csv", "row.parquet"):
        score(video, model=model, windows=WindowOptions(), out=str(tmp_path / name))
    with open(tmp_path / "row.csv", newline="") as file:
        (of_csv,) = csv.DictReader(file)
    (of_parquet,) = parquet.read_table(tmp_path / "row.parquet").to_pylist()
    assert json.loads(of_csv["windows"]) == of_parquet["windows"]
    assert len(of_parquet["windows"]) == 15


def test_the_page_and_the_gif_show_the_window_that_weighs_most(score, model, video, tmp_path):
    page, gif = tmp_path / "page.html", tmp_path / "clip.gif"
    score(video, model=model, windows=WindowOptions(), explain=str(page), gif=str(gif))
    with Image.open(gif) as pictures:
        assert np.asarray(pictures.convert("L")).mean() == pytest.approx(BRIGHT, abs=10)
