"""From metadata.json to frame features, including broken videos."""

import json
import os
import pathlib
import shutil

import numpy as np
import pytest
from drawn_frames import moving_shapes
from extraction_run import counted, extraction_in, read_examples, read_features
from hash_splits import split_by_hash
from short_demo import SMALL_ENCODER

from components import features
from components.dataset.splitting.rules import SplitRatios
from components.errors import UserError
from components.quarantine import read_quarantine
from pipeline.cli.app import main
from pipeline.demo_data.encoding import write_clip

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def extract(tmp_path_factory):
    return extraction_in(tmp_path_factory.mktemp("extraction"))


@pytest.fixture(scope="module")
def mixed_data(tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("data")
    content = {f"{label}{index}.mp4": {"label": label} for label in ("REAL", "FAKE") for index in range(8)}
    for index, name in enumerate(content):
        write_clip(folder / name, moving_shapes(3 + index, 96, 64, seed=index), fps=30, bit_rate=400_000)
    (folder / "REAL0.mp4").write_bytes(b"")
    (folder / "FAKE0.mp4").write_bytes((folder / "FAKE1.mp4").read_bytes()[:200])
    (folder / "FAKE7.mp4").unlink()
    (folder / "metadata.json").write_text(json.dumps(content))
    return folder


def test_every_video_ends_as_features_or_in_quarantine_with_its_reason(extract, mixed_data):
    outputs = extract(mixed_data, weights="random:0", ratio=0.5)
    found = read_features(outputs)
    refused = {row.video_id: row.reason for row in read_quarantine(outputs["quarantine"].uri)}
    assert refused == {
        "REAL0.mp4": "unreadable_container",
        "FAKE0.mp4": "unreadable_container",
        "FAKE7.mp4": "missing",
    }
    assert set(found) | set(refused) == set(json.loads((mixed_data / "metadata.json").read_text()))
    assert not set(found) & set(refused)
    decoded = found["REAL5.mp4"].features.feature[features.FRAMES_DECODED].int64_list.value[0]
    assert decoded == 3 + 5


def test_each_output_holds_what_the_nodes_after_it_need(extract, mixed_data):
    outputs = extract(mixed_data, weights="random:0", ratio=0.5)
    held = {"examples": ["train", "eval"], "test_examples": ["test"], "serving_examples": ["eval"]}
    for key, splits in held.items():
        assert sorted(os.listdir(outputs[key].uri)) == sorted(f"Split-{split}" for split in splits)
    for split in features.SPLITS:
        assert len(read_features(outputs, split)) == counted(outputs, f"records_{split}") > 0
    assert read_examples(outputs["serving_examples"]) == read_features(outputs, "eval")


def test_pseudo_fakes_are_in_train_only_and_a_broken_source_has_none(extract, mixed_data):
    plain = extract(mixed_data, weights="random:0", ratio=0.5)
    blended = extract(mixed_data, weights="random:0", ratio=0.5, self_blended=2)
    assert blended["quarantine"].properties["records"] == plain["quarantine"].properties["records"] == 3
    for split in features.SPLITS:
        assert counted(blended, f"records_{split}") == counted(plain, f"records_{split}")
    found = read_features(blended)
    sources = {name for name in read_features(plain) if name.startswith("REAL")}
    pseudo_fakes = set(found) - set(read_features(plain))
    in_train = sources & set(read_features(plain, "train"))
    assert pseudo_fakes == {f"{name}#self_blended-{copy}" for name in in_train for copy in range(2)}
    assert 0 < len(in_train) < len(sources)
    assert counted(blended, "self_blended") == len(pseudo_fakes)


def test_only_videos_that_are_not_in_the_cache_are_decoded(extract, mixed_data, write_video, tmp_path):
    data = shutil.copytree(mixed_data, tmp_path / "data")
    settings = {"weights": "random:0", "ratio": 0.5, "cache_dir": str(tmp_path / "cache")}
    first = extract(data, **settings)
    assert (counted(first, "cached"), first["quarantine"].properties["records"]) == (0, 3)
    second = extract(data, **settings, version="2")
    assert (counted(second, "cached"), second["quarantine"].properties["records"]) == (13, 3)
    assert read_features(second) == read_features(first)

    shutil.copy(data / "REAL5.mp4", data / "same.mp4")
    write_video("data/new.mp4", frames=4, width=96, height=64, seed=99)
    content = json.loads((data / "metadata.json").read_text())
    new = {name: {"label": "REAL"} for name in ("same.mp4", "new.mp4")}
    (data / "metadata.json").write_text(json.dumps(content | new))
    grown = extract(data, **settings, fingerprint="grown")
    assert counted(grown, "cached") == 14
    assert len(read_features(grown)) == 15


def test_a_data_set_that_was_extracted_before_is_read_from_the_cache(extract, mixed_data, tmp_path, monkeypatch, capfd):
    cache_dir = str(tmp_path / "cache")
    settings = [f"runs_dir={tmp_path / 'runs'}", "encoder.weights=random:0", "extraction.workers=1", SMALL_ENCODER]
    settings.append("extraction.crop=center_square")
    arguments = ["extract", str(mixed_data), "--json", "--cache-dir", cache_dir, *(f"--set={it}" for it in settings)]
    monkeypatch.setattr("sys.argv", ["deepfake", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3
    result = json.loads(capfd.readouterr().out)
    assert (result["features"], result["quarantined"]) == (13, {"unreadable_container": 2})
    outputs = extract(mixed_data, weights="random:0", ratio=0.5, cache_dir=cache_dir, precision="auto")
    assert counted(outputs, "cached") == 13


def test_another_crop_has_features_of_its_own(extract, mixed_data, tmp_path):
    settings = {"weights": "random:0", "ratio": 0.5, "cache_dir": str(tmp_path / "cache")}
    centre = extract(mixed_data, **settings)
    face = extract(mixed_data, **settings, crop="face", face_detector="haar")
    assert counted(face, "cached") == 0
    again = extract(mixed_data, **settings, crop="face", face_detector="haar", version="2")
    assert counted(again, "cached") == 13
    # Shapes have no face, so features are those of the centre crop, and only the face status differs.
    for name, expected in read_features(centre).items():
        found = read_features(face)[name].features.feature
        assert found[features.FACE_STATUS].bytes_list.value[0] in (b"none", b"frontal", b"profile")
        assert expected.features.feature[features.FACE_STATUS].bytes_list.value[0] == b"not_wanted"
        if found[features.FACE_STATUS].bytes_list.value[0] == b"none":
            assert found[features.FRAME_FEATURES] == expected.features.feature[features.FRAME_FEATURES]


def test_a_face_model_that_is_not_there_stops_the_run_before_any_video(extract, mixed_data):
    with pytest.raises(UserError, match=r"extraction\.face_model: '/nowhere\.onnx' is no file"):
        extract(
            mixed_data,
            weights="random:0",
            ratio=0.5,
            crop="face",
            face_detector="yunet",
            face_model="/nowhere.onnx",
        )


def test_bfloat16_is_compared_on_frames_of_the_videos(extract, mixed_data, tmp_path):
    settings = {"weights": "random:0", "ratio": 0.5, "cache_dir": str(tmp_path / "cache"), "frames": 5}
    settings["architecture"] = "inception_v3"
    exact = extract(mixed_data, **settings)
    half = extract(mixed_data, **settings, precision="bfloat16")
    encoder = half["model"].properties
    assert (encoder["precision"], encoder["engine"]) == ("bfloat16", "tensorflow")
    # Of each of the eight decodable videos.
    assert 8 * 4 <= encoder["frames_compared"] <= 8 * 8
    assert 0.998 <= encoder["min_cosine"] < 1
    # Cached features of one precision are never used for the other.
    assert counted(half, "cached") == 0
    for video_id, example in read_features(half).items():
        found, expected = (
            np.asarray(e.features.feature[features.FRAME_FEATURES].float_list.value)
            for e in (example, read_features(exact)[video_id])
        )
        assert 0 < np.linalg.norm(found - expected) / np.linalg.norm(expected) < 0.1


def test_a_split_of_which_no_video_is_left_fails_the_run_in_a_line(extract, mixed_data, tmp_path):
    data = shutil.copytree(mixed_data, tmp_path / "data")
    for name in json.loads((data / "metadata.json").read_text()):
        if split_by_hash(name, SplitRatios(1, 1, 1)) == "test":
            (data / name).write_bytes(b"broken")
    with pytest.raises(
        UserError, match=r"the test split holds no video .* of its videos are in quarantine.*split\.test"
    ) as told:
        extract(data, weights="random:0", ratio=1.0, fingerprint="emptied")
    assert "\n" not in str(told.value)


def test_too_many_refused_videos_fail_the_run_with_the_reasons(extract, mixed_data):
    with pytest.raises(UserError, match=r"3 of 16 .* unreadable_container 2"):
        extract(mixed_data, weights="random:0", ratio=0.1)


def test_real_clips_run_from_check_to_features(extract, shared_data, monkeypatch, capfd):
    clips = shared_data / "real_clips" / "sadtalker"
    monkeypatch.setattr(
        "sys.argv",
        ["deepfake", "check", str(clips), *(f"--set=split.{split}=1" for split in features.SPLITS)],
    )
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0, capfd.readouterr()
    weights = shared_data / "weights" / "inception_v3_2015_partial_notop.weights.h5"
    outputs = extract(clips, weights=str(weights), architecture="inception_v3", ratio=0.0, precision="auto", frames=5)
    found = read_features(outputs)
    assert len(found) == 16
    values = np.asarray(
        [example.features.feature[features.FRAME_FEATURES].float_list.value for example in found.values()]
    )
    assert 0.05 < values.mean() < 0.5
