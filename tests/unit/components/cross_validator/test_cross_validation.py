"""Cross-validation: which folds there are, and that no fold's model knows anything of the videos that it scores."""

import dataclasses

import numpy as np
import pytest
from encoder_sizes import FEW_FEATURES

from components import features
from components.auditor.retraining import Recipe, Retraining
from components.cross_validator.cross_validation import cross_validate
from components.cross_validator.folds import make_folds
from components.cross_validator.normalization import Normalization, normalize
from components.cross_validator.out_of_fold import OutOfFold, read_out_of_fold, write_out_of_fold
from components.cross_validator.videos import Videos
from components.errors import UserError
from components.served_model.decision import DecisionSettings
from components.trainer.settings import TrainerSettings

ZSCORE = Normalization(normalization="zscore", clip=6.0)
GROUPS, FOLDS = 12, 3


def make_videos(signal: float = 1.0) -> Videos:
    """Each group has a REAL video, its fake, and a pseudo-fake; features of fakes are higher by `signal`."""
    count, generator = 3 * GROUPS, np.random.default_rng(0)
    group = np.concatenate([np.repeat(np.arange(GROUPS), 2), np.arange(GROUPS)])
    labels = np.concatenate([np.tile([0, 1], GROUPS), np.ones(GROUPS, np.int64)])
    frames = generator.normal(5, 2, (count, features.FRAMES, FEW_FEATURES)).astype(np.float32)
    frames[:, :, :64] += signal * labels[:, None, None]
    return Videos(
        ids=np.asarray([f"{index:02}.mp4" for index in range(count)]),
        uris=np.asarray([f"{index:02}.mp4" for index in range(count)]),
        groups=np.asarray([f"group {index}" for index in group]),
        splits=np.where(group % 3 == 0, "test", "train"),
        labels=labels,
        synthetic=np.zeros(count, bool),
        frame_features=frames,
        mask=np.ones((count, features.FRAMES), bool),
        facts=[{"codec": "h264"}] * count,
        sources=2 * np.arange(GROUPS),
        pseudo_fakes=np.ones(GROUPS, bool),
    )


@pytest.fixture(scope="module")
def retraining() -> Retraining:
    settings = TrainerSettings(model="frame_mean", hyperparameters={"dropout": 0.0}, learning_rate=3e-3, epochs=4)
    return Retraining(
        Recipe(settings, given_fakes=1.0, seed=0, calibration="temperature", clip=0.01),
        frames=features.FRAMES,
        feature_size=FEW_FEATURES,
    )


def scored(videos: Videos, retraining: Retraining) -> dict[str, OutOfFold]:
    decision = DecisionSettings(max_false_positive_rate=0.2)
    found = cross_validate(
        videos, FOLDS, retraining, normalization=ZSCORE, decision=decision, report_progress=lambda message: None
    )
    return {score.video_id: score for score in found}


@pytest.mark.e2e
def test_every_video_but_pseudo_fakes_has_a_score_and_no_group_is_in_two_folds(retraining, tmp_path):
    videos = make_videos(5)
    found = scored(videos, retraining)
    assert list(found) == [str(name) for name in videos.ids[: videos.given]]
    folds = {}
    for score in found.values():
        folds.setdefault(score.group_id, set()).add(score.fold)
        assert score.split == ("test" if int(score.group_id.split()[1]) % 3 == 0 else "train")
    assert all(len(each) == 1 for each in folds.values())
    assert set.union(*folds.values()) == {1, 2, 3}
    # The signal is strong enough for any training, though not on one scale.
    fakes = [score.probability_fake for score in found.values() if score.label == "FAKE"]
    reals = [score.probability_fake for score in found.values() if score.label == "REAL"]
    assert np.mean(fakes) > np.mean(reals) + 0.2
    write_out_of_fold(str(tmp_path), list(found.values()))
    assert read_out_of_fold(str(tmp_path)) == list(found.values())


@pytest.mark.e2e
def test_what_a_fold_holds_out_changes_neither_its_threshold_nor_another_score_in_it(retraining):
    videos = make_videos(0.05)
    before = scored(videos, retraining)
    changed = before["00.mp4"]
    frames = videos.frame_features.copy()
    frames[0] = 1000
    # Of its pseudo-fake nothing may be learnt, either.
    frames[videos.given] = -1000
    after = scored(dataclasses.replace(videos, frame_features=frames), retraining)
    same_fold = [name for name, score in before.items() if score.fold == changed.fold and name != "00.mp4"]
    assert len(same_fold) > 3
    for name in same_fold:
        assert after[name] == before[name]
    assert after["00.mp4"].threshold == changed.threshold
    assert after["00.mp4"].probability_fake != changed.probability_fake
    others = [name for name, score in before.items() if score.fold != changed.fold]
    assert any(after[name].probability_fake != before[name].probability_fake for name in others)


def test_normalization_is_that_of_transform_and_knows_only_the_videos_trained_on():
    videos = make_videos()
    mask = videos.mask.copy()
    mask[0, 5:] = False
    train = np.arange(0, 30)
    found = normalize(videos.frame_features, mask, train, ZSCORE)
    seen = videos.frame_features[:30][mask[:30]].astype(np.float64)
    expected = (videos.frame_features - seen.mean(axis=0)) / (seen.std(axis=0) + 1e-6)
    np.testing.assert_allclose(found[mask], np.clip(expected, -6, 6)[mask], atol=1e-4)
    assert (found[0, 5:] == 0).all()
    as_is = normalize(videos.frame_features, mask, train, Normalization(normalization="none", clip=6.0))
    np.testing.assert_array_equal(as_is[mask], videos.frame_features[mask])


def test_fewer_groups_than_folds_are_refused_with_what_to_type():
    labels, groups = np.asarray([0, 0, 0, 0, 1, 1, 1, 1, 1]), np.asarray(list("aabcdefgh"))
    with pytest.raises(UserError, match=r"cross_validation=5: the REAL videos are in 3 groups.*cross_validation=3"):
        make_folds(labels, groups, 5, seed=0)
    with pytest.raises(UserError, match=r"FAKE videos are in 2 groups.*add videos, or set .* to 0"):
        make_folds(np.asarray([1, 1, 1, 1, 0, 0, 0]), np.asarray(list("aaabcde")), 3, seed=0)


def test_a_fold_without_a_class_is_refused():
    groups = np.asarray(list("cbbaaaaedecd"))
    labels = np.asarray([1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 0, 1])
    with pytest.raises(UserError, match=r"fold 1 would have no REAL video.*set it lower \(3 is the least\), or 0"):
        make_folds(labels, groups, 3, seed=0)
