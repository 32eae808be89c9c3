import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from components import features
from components.frame_encoder.build import build_encoder
from components.frame_feature_gen.extraction import Extracted, ExtractionSettings, FrameExtractor


@pytest.fixture
def settings(tmp_path) -> ExtractionSettings:
    keras.utils.set_random_seed(0)
    inputs = keras.Input((224, 224, 3))
    convolved = keras.layers.Conv2D(features.FEATURE_SIZE, 32, strides=32, use_bias=False)(inputs)
    normalized = keras.layers.BatchNormalization(scale=False)(convolved)
    model = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(keras.layers.ReLU()(normalized)))
    path = str(tmp_path / "encoder")
    no_frames = np.zeros((0, 224, 224, 3), np.uint8)
    build_encoder(model, path, weights="", precision="float32", engine="tensorflow", sample_frames=lambda: no_frames)
    return ExtractionSettings(
        data_root=str(tmp_path),
        encoder_path=path,
        sampling="uniform",
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


def test_clips_that_are_encoded_together_have_the_features_of_each_alone(settings, write_video):
    names = [f"{index}.mp4" for index in range(5)]
    for index, name in enumerate(names):
        write_video(name, frames=10 + 5 * index, seed=index)
    videos = [video(name) for name in (*names[:3], "gone.mp4", *names[3:])]
    alone, together = (list(FrameExtractor(settings, clips_a_call=count).extract(videos)) for count in (1, 4))
    assert [type(result) for result in together] == [type(result) for result in alone]
    assert alone[3] == together[3]
    for one, other in zip(alone, together, strict=True):
        if isinstance(one, Extracted):
            found, expected = (result.example.features.feature for result in (other, one))
            assert found[features.VIDEO_ID] == expected[features.VIDEO_ID]
            assert found[features.FRAME_MASK] == expected[features.FRAME_MASK]
            np.testing.assert_allclose(
                found[features.FRAME_FEATURES].float_list.value,
                expected[features.FRAME_FEATURES].float_list.value,
                rtol=1e-4,
                atol=1e-6,
            )


def test_pseudo_fakes_are_cached_apart_from_their_source(settings, write_video, tmp_path):
    write_video("clip.mp4")
    source = video("clip.mp4")
    source.features.feature[features.CONTENT_DIGEST].bytes_list.value.append(b"ab" * 32)
    pseudo_fake = tf.train.Example.FromString(source.SerializeToString())
    pseudo_fake.features.feature[features.AUGMENTATION].bytes_list.value.append(b"self_blended-0")
    kept = dataclasses.replace(settings, cache_dir=str(tmp_path / "cache"))
    first, second = (list(FrameExtractor(kept).extract([source, pseudo_fake])) for _ in range(2))
    assert [result.decoded for result in first] == [True, True]
    assert [result.decoded for result in second] == [False, False]
    of = [np.asarray(result.example.features.feature[features.FRAME_FEATURES].float_list.value) for result in second]
    assert not np.allclose(of[0], of[1], rtol=1e-3)
    for one, other in zip(first, second, strict=True):
        assert one.example == other.example
