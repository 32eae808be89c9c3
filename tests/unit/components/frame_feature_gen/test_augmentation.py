"""Which examples augmentation adds, and that how they are altered depends on nothing but what they are."""

import hypothesis.strategies as st
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from sklearn.metrics import roc_auc_score

from components import features
from components.examples import is_added, is_pseudo_fake, is_variant, source_of, text_feature
from components.frame_feature_gen.augmentation import add_augmented, alteration_of


def example(**values: str) -> tf.train.Example:
    built = tf.train.Example()
    for name, value in values.items():
        if value:
            built.features.feature[name].bytes_list.value.append(value.encode())
    return built


def augmented(video: tf.train.Example, split: str = "train", **wanted: int) -> list[tf.train.Example]:
    found = list(add_augmented((split, video.SerializeToString()), **{"self_blended": 0, "recompressed": 0} | wanted))
    assert {each for each, _ in found} == {split}
    return [tf.train.Example.FromString(record) for _, record in found]


@given(
    split=st.sampled_from(features.SPLITS),
    label=st.sampled_from([features.REAL, features.FAKE, ""]),
    pseudo_fakes=st.integers(0, 4),
    variants=st.integers(0, 3),
)
def test_what_is_added_to_which_video(split, label, pseudo_fakes, variants):
    video = example(video_id="a#1.mp4", uri="a#1.mp4", group_id="group", label=label)
    found = augmented(video, split, self_blended=pseudo_fakes, recompressed=variants)
    if split != "train":
        assert found == [video]
        return
    blended = pseudo_fakes if label == features.REAL else 0
    assert len(found) == (1 + blended) * (1 + variants)
    assert sum(map(is_pseudo_fake, found)) == blended * (1 + variants)
    assert sum(map(is_variant, found)) == (1 + blended) * variants
    assert len({text_feature(each, features.VIDEO_ID) for each in found}) == len(found)
    for each in found:
        assert text_feature(each, features.LABEL) == (features.FAKE if is_pseudo_fake(each) else label)
        assert (text_feature(each, features.GROUP_ID), text_feature(each, features.URI)) == ("group", "a#1.mp4")
        assert source_of(each) == "a#1.mp4"
        assert (alteration_of(each) is None) == (not pseudo_fakes and not is_added(each))
    (as_given,) = (each for each in found if not is_added(each))
    assert text_feature(as_given, features.VIDEO_ID) == "a#1.mp4"


def test_a_pseudo_fake_is_the_same_in_all_its_variants_and_no_two_are_altered_alike():
    video = example(video_id="a.mp4", uri="a.mp4", content_digest="ab", label=features.REAL)
    first, again = (augmented(video, self_blended=2, recompressed=2) for _ in range(2))
    alterations = [alteration_of(each) for each in first]
    assert alterations == [alteration_of(each) for each in again]
    assert len(set(alterations)) == len(alterations)
    by_seed = {}
    for each, alteration in zip(first, alterations, strict=True):
        by_seed.setdefault(alteration.blending_seed, []).append(text_feature(each, features.VIDEO_ID))
    assert sorted(map(len, by_seed.values())) == [3, 3, 3]
    for seed, names in by_seed.items():
        assert {"self_blended" in name for name in names} == {seed is not None}
        assert len({name.partition("#recompressed")[0] for name in names}) == 1


@pytest.mark.parametrize("recompressed", [0, 1])
def test_compression_does_not_tell_real_from_fake(recompressed):
    """Whatever kind, quality, size or rate was drawn, it ranks both classes by chance."""
    labels, drawn = [], []
    for number in range(1000):
        label = features.FAKE if number % 4 == 0 else features.REAL
        video = example(video_id=f"{number}.mp4", uri=f"{number}.mp4", content_digest=f"{number}", label=label)
        for each in augmented(video, self_blended=1, recompressed=recompressed):
            distortion = alteration_of(each).distortion
            labels.append(text_feature(each, features.LABEL) == features.FAKE)
            drawn.append([float(value) for value in vars(distortion).values()])
    columns = np.asarray(drawn).T
    varied = [column for column in columns if len(np.unique(column)) > 1]
    assert len(varied) >= 2 + 4 * recompressed
    for column in varied:
        assert roc_auc_score(labels, column) == pytest.approx(0.5, abs=0.05)
