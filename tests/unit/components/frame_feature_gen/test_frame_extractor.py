import dataclasses
import json
import os
import pathlib
import shutil

import keras
import numpy as np
import pytest
import tensorflow as tf
from drawn_network import drawn_network
from encoder_sizes import FEATURE_SIZE

from components import features
from components.frame_encoder.build import build_encoder
from components.frame_feature_gen.extraction import Extracted, FrameExtractor
from components.frame_feature_gen.feature_cache import SETTINGS_FILE
from components.frame_feature_gen.settings import ExtractionSettings
from components.quarantine import QuarantineRow
from components.source_digest import source_digest
from components.video_errors import Reason
from components.video_example_gen.examples import unlabelled_example


@pytest.fixture
def settings(tmp_path) -> ExtractionSettings:
    keras.utils.set_random_seed(0)
    inputs = keras.Input((224, 224, 3))
    convolved = keras.layers.Conv2D(FEATURE_SIZE, 32, strides=32, use_bias=False)(inputs)
    normalized = keras.layers.BatchNormalization(scale=False)(convolved)
    network = drawn_network(inputs, keras.layers.GlobalAveragePooling2D()(keras.layers.ReLU()(normalized)))
    path = str(tmp_path / "encoder")
    no_frames = np.zeros((0, 224, 224, 3), np.uint8)
    build_encoder(network, path, weights="", precision="float32", engine="tensorflow", sample_frames=lambda: no_frames)
    return ExtractionSettings(
        data_root=str(tmp_path),
        encoder_path=path,
        sampling="uniform",
        frames=features.FRAMES,
        frame_size=224,
        cache_dir="",
        min_frames=5,
        timeout_s=60.0,
        memory_bytes=1 << 30,
    )


def video(name: str) -> tf.train.Example:
    example = tf.train.Example()
    for key in (features.VIDEO_ID, features.URI):
        example.features.feature[key].bytes_list.value.append(name.encode())
    return example


@pytest.mark.e2e
def test_clips_that_are_encoded_together_have_the_features_of_each_alone(settings, write_video):
    names = [f"{index}.mp4" for index in range(5)]
    for index, name in enumerate(names):
        write_video(name, frames=10 + 5 * index, seed=index)
    videos = [video(name) for name in (*names[:3], "gone.mp4", *names[3:])]
    alone, together = (list(FrameExtractor(settings, windows_per_call=count).extract(videos)) for count in (1, 4))
    assert [type(result) for result in together] == [type(result) for result in alone]
    assert alone[3] == together[3]
    for one, other in zip(alone, together, strict=True):
        if isinstance(one, Extracted):
            found, expected = (result.examples[0].features.feature for result in (other, one))
            assert found[features.VIDEO_ID] == expected[features.VIDEO_ID]
            assert found[features.FRAME_MASK] == expected[features.FRAME_MASK]
            np.testing.assert_allclose(
                found[features.FRAME_FEATURES].float_list.value,
                expected[features.FRAME_FEATURES].float_list.value,
                rtol=1e-4,
                atol=1e-6,
            )


@pytest.mark.parametrize("usable", [True, False])
def test_it_is_known_whether_the_features_were_kept(settings, write_video, tmp_path, usable):
    if not usable:
        (tmp_path / "cache").touch()
    kept = dataclasses.replace(settings, cache_dir=str(tmp_path / "cache"))
    example = unlabelled_example(write_video("clip.mp4"))
    for turn in range(2):
        (result,) = FrameExtractor(kept).extract([example])
        assert isinstance(result, Extracted)
        assert (result.kept, result.decoded) == (usable, not usable or turn == 0)


@pytest.mark.e2e
def test_pseudo_fakes_are_cached_apart_from_their_source(settings, write_video, tmp_path):
    source = unlabelled_example(write_video("clip.mp4"))
    pseudo_fake = tf.train.Example.FromString(source.SerializeToString())
    pseudo_fake.features.feature[features.AUGMENTATION].bytes_list.value.append(b"self_blended-0")
    kept = dataclasses.replace(settings, cache_dir=str(tmp_path / "cache"))
    first, second = (list(FrameExtractor(kept).extract([source, pseudo_fake])) for _ in range(2))
    assert [result.decoded for result in first] == [True, True]
    assert [result.decoded for result in second] == [False, False]
    of = [
        np.asarray(result.examples[0].features.feature[features.FRAME_FEATURES].float_list.value) for result in second
    ]
    assert not np.allclose(of[0], of[1], rtol=1e-3)
    for one, other in zip(first, second, strict=True):
        assert one.examples == other.examples


def cached(folder: pathlib.Path) -> list[pathlib.Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("how", ["overwritten", "moved", "copied with its times"])
def test_a_video_that_is_replaced_after_it_was_listed_is_refused_and_nothing_is_filed(
    settings, write_video, tmp_path, how
):
    listed = write_video("clip.mp4", seed=1)
    other = write_video("other.mp4", seed=2)
    example = unlabelled_example(listed)
    status = os.stat(listed)
    if how == "moved":
        os.replace(other, listed)
    else:
        shutil.copyfile(other, listed)
    if how == "copied with its times":
        os.utime(listed, ns=(status.st_atime_ns, status.st_mtime_ns))
    kept = dataclasses.replace(settings, cache_dir=str(tmp_path / "cache"))
    (refused,) = FrameExtractor(kept).extract([example])
    assert isinstance(refused, QuarantineRow)
    assert refused.reason == Reason.CHANGED.value
    assert "run again" in refused.detail
    assert not cached(tmp_path / "cache")


@pytest.mark.e2e
def test_a_video_that_comes_back_has_its_own_features(settings, write_video, tmp_path):
    kept = dataclasses.replace(settings, cache_dir=str(tmp_path / "cache"))
    listed, other = write_video("clip.mp4", seed=1), write_video("other.mp4", seed=2)
    example = unlabelled_example(listed)
    (expected,) = FrameExtractor(settings).extract([example])
    shutil.copy(listed, tmp_path / "aside.mp4")
    shutil.copy(other, listed)
    list(FrameExtractor(kept).extract([example]))
    shutil.copy(tmp_path / "aside.mp4", listed)
    (found,) = FrameExtractor(kept).extract([example])
    assert found.examples == expected.examples


def test_a_video_that_is_only_touched_is_taken(settings, write_video):
    listed = write_video("clip.mp4")
    example = unlabelled_example(listed)
    os.utime(listed)
    (taken,) = FrameExtractor(settings).extract([example])
    assert isinstance(taken, Extracted)


def test_the_cache_is_keyed_by_the_code_and_the_libraries_that_decode(settings, write_video, tmp_path):
    kept = dataclasses.replace(settings, cache_dir=str(tmp_path / "cache"))
    list(FrameExtractor(kept).extract([unlabelled_example(write_video("clip.mp4"))]))
    (written,) = (tmp_path / "cache").glob(f"*/{SETTINGS_FILE}")
    pixels = json.loads(written.read_text())["pixels"]
    assert pixels["code"] == source_digest("components.video_decoding.decode")
    assert {"av", "opencv", "libavcodec", "libswscale"} <= set(pixels["libraries"])


@pytest.mark.e2e
@pytest.mark.parametrize(
    "other", [{"sampling": "first"}, {"crop": "face", "face_detector": "haar"}, {"hdr": "tone_map"}], ids=repr
)
def test_the_cache_keeps_videos_that_are_seen_otherwise_apart(settings, write_video, tmp_path, other):
    example = unlabelled_example(write_video("clip.mp4"))
    kept = dataclasses.replace(settings, cache_dir=str(tmp_path / "cache"))
    for seen, decoded in ((kept, True), (dataclasses.replace(kept, **other), True), (kept, False)):
        (result,) = FrameExtractor(seen).extract([example])
        assert isinstance(result, Extracted)
        assert result.decoded == decoded
