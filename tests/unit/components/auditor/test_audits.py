import numpy as np
import pytest

from components import features
from components.auditor.folds import grouped_folds, out_of_fold, random_folds
from components.auditor.labels import audit_labels
from components.auditor.leak import audit_leak
from components.auditor.shortcut import audit_shortcut
from components.auditor.unseen import audit_unseen
from components.errors import UserError


def random_scores(videos, retraining) -> np.ndarray:
    return out_of_fold(videos, random_folds(videos, 0, len(grouped_folds(videos, 0))), retraining)


def never() -> np.ndarray:
    raise AssertionError("no random folds are needed")


@pytest.mark.e2e
def test_a_model_that_knows_groups_and_no_labels_is_exposed_by_the_leak_audit(make_videos, labels, groups, retraining):
    identity = np.random.default_rng(1).normal(0, 2, (len(np.unique(groups)), 64))
    videos = make_videos(labels, groups, identity[np.unique(groups, return_inverse=True)[1]])
    folds = grouped_folds(videos, seed=0)
    grouped = out_of_fold(videos, folds, retraining)
    audit = audit_leak(videos, grouped, out_of_fold(videos, random_folds(videos, 0, len(folds)), retraining))
    measurements = {measurement.name: measurement for measurement in audit.measurements}
    assert measurements["auc, random folds"].value > 0.9
    assert measurements["auc, grouped folds"].value < 0.75
    assert measurements["auc, change"].low > 0
    assert "too good" in audit.warning


@pytest.mark.e2e
def test_a_model_that_knows_labels_only_has_nothing_to_leak(make_videos, labels, groups, retraining):
    videos = make_videos(labels, groups, 2.0 * labels)
    folds = grouped_folds(videos, seed=0)
    grouped = out_of_fold(videos, folds, retraining)
    audit = audit_leak(videos, grouped, out_of_fold(videos, random_folds(videos, 0, len(folds)), retraining))
    assert audit.warning is None
    assert audit.measurements[0].value > 0.95


def test_grouped_folds_hold_every_video_once_and_never_part_a_group(make_videos, labels, groups):
    folds = grouped_folds(make_videos(labels, groups, 0.0 * labels), seed=3)
    assert sorted(np.concatenate(folds)) == list(range(len(labels)))
    held = [set(groups[fold]) for fold in folds]
    assert sum(map(len, held)) == len(set.union(*held))


def test_too_few_groups_are_refused_with_their_number(make_videos):
    labels, groups = np.asarray([0, 1, 1, 1]), np.asarray(["a", "b", "c", "d"])
    with pytest.raises(UserError, match="a class has 1 groups"):
        grouped_folds(make_videos(labels, groups, 0.0 * labels), seed=0)


def test_files_that_give_the_label_away_are_warned_of(make_videos, labels, groups):
    facts = [
        {**dict.fromkeys(("width", "height", "fps", "frame_count_claimed"), 30.0), "codec": "h264"}
        | {"duration_s": 10.0, "size_bytes": 1e6 + 1e5 * label + index}
        for index, label in enumerate(labels)
    ]
    videos = make_videos(labels, groups, 0.0 * labels, facts=facts)
    audit = audit_shortcut(videos, grouped_folds(videos, 0), seed=0)
    assert all(measurement.value > 0.9 for measurement in audit.measurements[1:])
    assert "may have learnt how the files were made" in audit.warning


def test_files_that_tell_nothing_are_not_warned_of_even_where_facts_are_unknown(make_videos, labels, groups):
    generator = np.random.default_rng(5)
    facts = [
        {"width": 320.0, "height": None, "fps": 25.0, "frame_count_claimed": None, "codec": "h264"}
        | {"duration_s": generator.uniform(5, 10), "size_bytes": generator.uniform(1e5, 1e6)}
        for _ in labels
    ]
    videos = make_videos(labels, groups, 0.0 * labels, facts=facts)
    audit = audit_shortcut(videos, grouped_folds(videos, 0), seed=0)
    assert audit.warning is None
    assert audit.measurements[1].low < 0.5


@pytest.mark.e2e
def test_shuffled_labels_teach_nothing_and_a_wrong_label_is_listed(make_videos, labels, groups, retraining):
    truth = labels.copy()
    wrong = 7
    truth[wrong] = 1 - labels[wrong]
    videos = make_videos(labels, groups, 3.0 * truth)
    grouped = out_of_fold(videos, grouped_folds(videos, 0), retraining)
    audit = audit_labels(videos, retraining, grouped)
    assert audit.warning is None
    assert audit.rows[0]["video_id"] == f"{wrong}.mp4"
    assert audit.rows[0]["label"] == (features.FAKE if labels[wrong] else features.REAL)


@pytest.mark.e2e
def test_a_kind_of_forgery_kept_from_training_is_missed(make_videos, labels, groups, retraining):
    kinds = np.where(labels == 0, "none", np.where(np.arange(len(labels)) % 2, "seam", "flicker"))
    signal = np.zeros((len(labels), 64))
    signal[kinds == "seam", :32] = 3
    signal[kinds == "flicker", 32:] = 3
    videos = make_videos(labels, groups, signal, meta=[{"meta/family": kind} for kind in kinds])
    measurements = {
        measurement.name: measurement.value
        for measurement in audit_unseen(videos, retraining, never, kinds_by="meta/family").measurements
    }
    for kind in ("seam", "flicker"):
        assert measurements[f"auc on {kind}, seen in training"] > 0.95
        assert measurements[f"auc on {kind}, not seen"] < measurements[f"auc on {kind}, seen in training"]


def test_one_kind_of_forgery_cannot_be_held_out(make_videos, labels, groups, retraining):
    videos = make_videos(labels, groups, 0.0 * labels, meta=[{"meta/family": "seam"} for _ in labels])
    with pytest.raises(UserError, match=r"audits.unseen_by='meta/family'"):
        audit_unseen(videos, retraining, never, kinds_by="meta/family")


@pytest.fixture
def sources(groups) -> np.ndarray:
    """Three of them, each with groups of both classes."""
    return np.asarray(["abc"[int(group.removeprefix("group-")) // 10] for group in groups])


def by_source(videos, retraining, **settings) -> dict[str, float]:
    audit = audit_unseen(videos, retraining, lambda: random_scores(videos, retraining), **settings)
    assert "sources by" in audit.headline
    return {measurement.name: measurement.value for measurement in audit.measurements}


@pytest.mark.e2e
def test_a_model_that_learns_its_sources_is_exposed_by_those_held_out(make_videos, labels, groups, sources, retraining):
    # In each source, fakes show elsewhere.
    signal = np.zeros((len(labels), 64))
    for index, source in enumerate("abc"):
        signal[(sources == source) & (labels == 1), 20 * index : 20 * index + 20] = 3
    videos = make_videos(labels, groups, signal, meta=[{"meta/camera": source} for source in sources])
    found = by_source(videos, retraining, sources_by="meta/camera")
    assert found["auc on all sources, random split"] > 0.9
    assert found["auc on all sources, sources held out"] < 0.7
    assert found["auc on all sources, change"] < -0.2
    assert [name for name in found if name.endswith("not seen")] == [f"auc on {name}, not seen" for name in "abc"]


@pytest.mark.e2e
def test_what_all_sources_share_is_found_in_one_that_was_not_seen(make_videos, labels, groups, sources, retraining):
    ids = np.asarray([f"{source}/{index}.mp4" for index, source in enumerate(sources)])
    found = by_source(make_videos(labels, groups, 3.0 * labels, ids=ids), retraining, sources_by="folder")
    assert min(value for name, value in found.items() if not name.endswith("change")) > 0.95


def test_sources_that_cannot_be_held_out_are_a_line(make_videos, labels, groups, retraining):
    videos = make_videos(labels, groups, 0.0 * labels)
    with pytest.raises(UserError, match=r"audits\.sources_by='folder': 1 sources are told apart"):
        audit_unseen(videos, retraining, never, sources_by="folder")
    by_label = make_videos(labels, groups, 0.0 * labels, meta=[{"meta/site": str(label)} for label in labels])
    with pytest.raises(UserError, match=r"audits\.sources_by='meta/site': without '0' the train split has not both"):
        audit_unseen(by_label, retraining, never, sources_by="meta/site")
