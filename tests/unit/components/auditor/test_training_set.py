"""What a retraining is trained on."""

import hypothesis.strategies as st
import numpy as np
from hypothesis import given

from components.auditor.training_set import Added, TrainingArrays, training_set
from components.features import FRAME_FEATURES_XF
from components.trainer.trained_examples import Counts, is_trained_on

VIDEOS = 12


def make_videos() -> TrainingArrays:
    """The value of each feature is the number of the video; what was made of it has a pseudo-fake and a variant."""
    numbers = np.arange(VIDEOS, dtype=np.float32).reshape(-1, 1, 1)
    sources = np.repeat(np.arange(VIDEOS), 2)
    return TrainingArrays(
        ids=np.asarray([f"{number}.mp4" for number in range(VIDEOS)]),
        transformed=numbers,
        mask=np.ones((VIDEOS, 1), bool),
        groups=np.asarray([str(number) for number in range(VIDEOS)]),
        added=Added(
            transformed=numbers[sources] + np.tile([0.25, 0.5], VIDEOS).astype(np.float32).reshape(-1, 1, 1),
            mask=np.ones((2 * VIDEOS, 1), bool),
            sources=sources,
            pseudo_fakes=np.tile([True, False], VIDEOS),
        ),
    )


@given(
    train=st.sets(st.integers(0, VIDEOS - 1), min_size=1),
    labels=st.lists(st.integers(0, 1), min_size=VIDEOS, max_size=VIDEOS),
    share=st.sampled_from([0.0, 0.3, 1.0]),
)
def test_what_was_made_of_a_video_is_trained_on_with_it_and_given_fakes_by_their_share(train, labels, share):
    videos, labels, train = make_videos(), np.asarray(labels), np.asarray(sorted(train))
    found = training_set(videos, labels, train, given_fakes=share, augmented=True)
    values = found.inputs[FRAME_FEATURES_XF].ravel()
    expected = {}
    for index in train:
        expected[index + 0.25] = 1
        if is_trained_on(videos.ids[index].encode(), fake=labels[index] == 1, given_fakes=share):
            expected |= {float(index): labels[index], index + 0.5: labels[index]}
    assert dict(zip(values.tolist(), found.labels.tolist(), strict=True)) == expected
    assert found.trained == Counts(*np.bincount(found.labels, minlength=2))
    assert found.given == Counts(*np.bincount(labels[train], minlength=2))


@given(train=st.sets(st.integers(0, VIDEOS - 1), min_size=1))
def test_without_augmentation_all_given_videos_and_nothing_else_is_trained_on(train):
    videos, train = make_videos(), np.asarray(sorted(train))
    found = training_set(videos, np.arange(VIDEOS) % 2, train, given_fakes=0.0, augmented=False)
    np.testing.assert_array_equal(found.inputs[FRAME_FEATURES_XF].ravel(), train)


@given(kept=st.lists(st.integers(0, VIDEOS - 1), unique=True))
def test_of_some_videos_what_was_made_of_them_is_kept(kept):
    added = make_videos().added.of(np.asarray(kept, np.int64))
    assert len(added.sources) == 2 * len(kept)
    for value, source in zip(added.transformed.ravel(), added.sources, strict=True):
        assert int(value) == kept[source]


@given(share=st.floats(0, 1), more=st.floats(0, 1), number=st.integers(0, 10**6))
def test_a_larger_share_contains_a_smaller_and_a_videos_variants_go_with_it(share, more, number):
    name = f"{number}.mp4".encode()
    small, large = sorted((share, more))
    assert is_trained_on(name, fake=True, given_fakes=small) <= is_trained_on(name, fake=True, given_fakes=large)
    for given_fakes in (small, large):
        assert is_trained_on(name + b"#recompressed-3", fake=True, given_fakes=given_fakes) == is_trained_on(
            name, fake=True, given_fakes=given_fakes
        )
        assert is_trained_on(name + b"#self_blended-0#recompressed-1", fake=True, given_fakes=given_fakes)
        assert is_trained_on(name, fake=False, given_fakes=given_fakes)
    assert not is_trained_on(name, fake=True, given_fakes=0.0)
    assert is_trained_on(name, fake=True, given_fakes=1.0)


def test_a_share_is_kept():
    kept = sum(is_trained_on(b"%d.mp4" % number, fake=True, given_fakes=0.25) for number in range(4000))
    assert abs(kept / 4000 - 0.25) < 0.03
