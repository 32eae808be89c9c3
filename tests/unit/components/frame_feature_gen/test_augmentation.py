"""Pseudo-fakes: which are made, that they are reproducible, and that blending leaves most of a frame unchanged."""

import concurrent.futures

import cv2
import hypothesis.strategies as st
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given

from components import features
from components.examples import text_feature
from components.frame_feature_gen.augmentation import add_self_blended, augment, load_detector

SIDE = 96


def example(**values: str) -> tf.train.Example:
    built = tf.train.Example()
    for name, value in values.items():
        built.features.feature[name].bytes_list.value.append(value.encode())
    return built


@given(
    split=st.sampled_from(features.SPLITS),
    label=st.sampled_from([features.REAL, features.FAKE, ""]),
    copies=st.integers(0, 4),
)
def test_only_real_videos_of_train_have_pseudo_fakes_and_they_stay_in_their_group(split, label, copies):
    video = example(video_id="a.mp4", uri="a.mp4", group_id="group", **({"label": label} if label else {}))
    found = list(add_self_blended((split, video.SerializeToString()), copies))
    assert found[0] == (split, video.SerializeToString())
    expected = copies if (split, label) == ("train", features.REAL) else 0
    pseudo_fakes = [tf.train.Example.FromString(record) for _, record in found[1:]]
    assert len(pseudo_fakes) == expected
    assert len({text_feature(each, features.VIDEO_ID) for each in pseudo_fakes}) == expected
    for each in pseudo_fakes:
        assert text_feature(each, features.LABEL) == features.FAKE
        assert text_feature(each, features.GROUP_ID) == "group"
        assert text_feature(each, features.URI) == "a.mp4"


@pytest.fixture(scope="module")
def detect():
    return load_detector()


def frames(count: int) -> np.ndarray:
    ramp = np.linspace(40, 200, SIDE)
    image = np.stack([ramp[None] + 0 * ramp[:, None], ramp[:, None] + 0 * ramp[None], np.full((SIDE, SIDE), 120.0)], 2)
    return np.repeat(image[None].astype(np.uint8), count, 0)


@pytest.mark.parametrize("count", [1, 2, 20])
def test_the_same_pseudo_fake_is_made_again_and_another_copy_is_another(detect, count):
    source = frames(count)
    copies = [example(content_digest="ab", augmentation=f"self_blended-{copy}") for copy in (0, 0, 1)]
    first, again, other = (augment(source, copy, detect) for copy in copies)
    assert first.shape == source.shape
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    assert (first != source).any()


def test_over_many_pseudo_fakes_what_was_done_stays_drifts_or_flickers(detect):
    source = frames(12)
    seen = set()
    for copy in range(30):
        made = augment(source, example(content_digest="ab", augmentation=f"self_blended-{copy}"), detect)
        steps = np.abs(np.diff(made.astype(float), axis=0)).mean(axis=(1, 2, 3))
        way = np.abs(made[-1].astype(float) - made[0]).mean()
        seen.add("constant" if steps.max() == 0 else "drift" if steps.sum() < 2 * way else "flicker")
    assert seen == {"constant", "drift", "flicker"}


def test_threads_that_share_a_detector_make_the_pseudo_fakes_of_one_alone(detect):
    clips = [np.stack([drawn_face(80 + 8 * clip + frame, 100 + 4 * clip) for frame in range(5)]) for clip in range(4)]
    source = example(content_digest="ab", augmentation="self_blended-0")
    alone = [augment(clip, source, detect) for clip in clips]
    assert any(detect(frame) for clip in clips for frame in clip)

    def differing(order: list[int]) -> int:
        return sum(not np.array_equal(augment(clips[index], source, detect), alone[index]) for index in order * 2)

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        assert list(pool.map(differing, ([0, 1, 2, 3], [3, 2, 1, 0]))) == [0, 0]


def drawn_face(across: int, down: int) -> np.ndarray:
    """A face that the cascade detects, uint8 [224, 224, 3]."""
    generator, radius = np.random.default_rng(across), 60
    image = np.clip(180 + generator.integers(-8, 8, (224, 224, 3)), 0, 255).astype(np.uint8)
    cv2.ellipse(image, (across, down), (45, radius), 0, 0, 360, (200, 210, 230), -1)
    for side in (-1, 1):
        cv2.ellipse(image, (across + side * 18, down - 12), (10, 6), 0, 0, 360, (60, 50, 50), -1)
        cv2.ellipse(image, (across + side * 18, down - 23), (13, 3), 0, 0, 360, (50, 60, 80), -1)
    cv2.ellipse(image, (across, down + 9), (5, 12), 0, 0, 360, (170, 180, 200), -1)
    cv2.ellipse(image, (across, down + 30), (18, 5), 0, 0, 360, (80, 80, 160), -1)
    return cv2.GaussianBlur(image, (5, 5), 0)
