"""No group, no digest and no original in two splits, whatever the entries, ratios, pins and official columns."""

import dataclasses
import posixpath

import numpy as np
import pytest
from data_sets import (
    FAKE,
    REAL,
    all_of,
    columns_of,
    digests_of,
    entry_lists,
    ratio_values,
    shuffled,
    split_by_uri,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from components import features
from components.dataset.entries import VideoEntry
from components.dataset.splitting.groups import connected_groups, join_groups
from components.dataset.splitting.pins import Pins
from components.dataset.splitting.placing import Placement, place
from components.dataset.splitting.rules import By, SplitRatios, SplitRules
from components.errors import UserError

EIGHT_ONE_ONE = SplitRatios()
ways = st.sampled_from(["hash", "stratified", "column"])


@st.composite
def pins_of(draw: st.DrawFn, entries: list[VideoEntry]) -> Pins | None:
    chosen = [*draw(st.lists(st.sampled_from([entry.uri for entry in entries]), unique=True)), "gone.mp4"]
    splits = draw(st.lists(st.integers(0, 2), min_size=len(chosen), max_size=len(chosen)))
    return draw(st.none() | st.just(Pins(all_of(chosen), np.array(splits, np.int8))))


def placed(
    entries: list[VideoEntry],
    by: By,
    ratios: SplitRatios = EIGHT_ONE_ONE,
    pins: Pins | None = None,
) -> Placement:
    videos = columns_of(entries)
    return place(videos, connected_groups(videos, "original"), SplitRules(ratios, by), pins)


@settings(max_examples=60, deadline=None)
@given(st.data(), entry_lists(), ratio_values, ways)
def test_nothing_is_in_two_splits(data: st.DataObject, entries: list[VideoEntry], ratios: SplitRatios, by: By) -> None:
    entries[0] = dataclasses.replace(entries[0], split="train")
    videos, rules = columns_of(entries), SplitRules(ratios, by)
    before = connected_groups(videos, "original")
    contents = data.draw(st.lists(st.integers(0, 9), min_size=len(entries), max_size=len(entries)))
    groups, _ = join_groups(before, np.arange(len(entries)), digests_of(contents))
    placement = place(videos, groups, rules, data.draw(pins_of(entries)), before_joining=before)
    split = split_by_uri(videos, placement)
    for key in (contents, groups.of_video.tolist(), before.of_video.tolist()):
        assert len({(part, split[entry.uri]) for part, entry in zip(key, entries, strict=True)}) == len(set(key))
    for entry in entries:
        for original in entry.originals:
            place_ = original if "/" in original else posixpath.join(entry.folder, original)
            assert split.get(place_, split[entry.uri]) == split[entry.uri]


@settings(max_examples=60, deadline=None)
@given(st.data(), entry_lists(), ratio_values, ways, st.integers())
def test_order_of_the_entries_does_not_matter(
    data: st.DataObject, entries: list[VideoEntry], ratios: SplitRatios, by: By, seed: int
) -> None:
    entries[0] = dataclasses.replace(entries[0], split="train")
    pins = data.draw(pins_of(entries))
    other = shuffled(entries, seed)
    expected = split_by_uri(columns_of(entries), placed(entries, by, ratios, pins))
    assert split_by_uri(columns_of(other), placed(other, by, ratios, pins)) == expected


@settings(max_examples=60, deadline=None)
@given(entry_lists(), ratio_values, ratio_values, st.sampled_from(["hash", "stratified"]))
def test_larger_test_never_takes_from_train(
    entries: list[VideoEntry], one: SplitRatios, other: SplitRatios, by: By
) -> None:
    if one.train * other.total > (other.total - other.test) * one.total:
        one, other = other, one
    if one.train * other.total > (other.total - other.test) * one.total:
        return
    was_train, is_test = placed(entries, by, one).split == 0, placed(entries, by, other).split == 2
    assert not (was_train & is_test).any()


@settings(max_examples=60, deadline=None)
@given(st.data(), entry_lists(), ratio_values, ways)
def test_pinned_videos_stay_and_new_ones_follow_their_group(
    data: st.DataObject, entries: list[VideoEntry], ratios: SplitRatios, by: By
) -> None:
    entries = [dataclasses.replace(entry, split="train") for entry in entries]
    old = entries[: data.draw(st.integers(1, len(entries)))]
    groups = connected_groups(columns_of(entries), "original").of_video
    # A new video may connect groups that were apart.
    before = connected_groups(columns_of(old), "original").of_video
    if len({*zip(before.tolist(), groups.tolist(), strict=False)}) != len(set(groups[: len(old)].tolist())):
        return
    first = placed(old, data.draw(ways))
    pins = Pins(all_of([entry.uri for entry in old]), first.split)
    then = placed(entries, by, ratios, pins)
    assert then.split[: len(old)].tolist() == first.split.tolist()
    assert {*then.placed_by[: len(old)].tolist()} == {3}
    assert not len(then.torn)
    assert (then.placed_by == 4).tolist() == [
        row >= len(old) and group in set(groups[: len(old)].tolist()) for row, group in enumerate(groups.tolist())
    ]


@settings(max_examples=60, deadline=None)
@given(entry_lists(official=False), ratio_values)
def test_each_split_has_both_labels_if_any_cuts_can_do_that(entries: list[VideoEntry], ratios: SplitRatios) -> None:
    videos = columns_of(entries)
    groups = connected_groups(videos, "original").of_video
    both = sum(
        {FAKE, REAL} == {entries[row].label for row in np.flatnonzero(groups == group)}
        for group in set(groups.tolist())
    )
    counts = placed(entries, "stratified", ratios).counts(videos.label)
    if both >= len(set(groups.tolist())) >= 3:
        assert all(counts[split][label] for split in features.SPLITS for label in (FAKE, REAL))


def test_official_splits_count_and_others_are_placed_with_them() -> None:
    entries = [
        VideoEntry(f"{split}{index}.mp4", [REAL, FAKE][index % 2], split=split)
        for split in ("train", "val", "test")
        for index in range(20)
    ]
    entries += [VideoEntry(f"new{index}.mp4", [REAL, FAKE][index % 2]) for index in range(60)]
    placement = placed(entries, "column", SplitRatios(2, 1, 1))
    split = split_by_uri(columns_of(entries), placement)
    assert [split[f"{name}7.mp4"] for name in ("train", "val", "test")] == ["train", "eval", "test"]
    assert placement.counts(columns_of(entries).label) == {
        "train": {"FAKE": 30, "REAL": 30}, "eval": {"FAKE": 15, "REAL": 15}, "test": {"FAKE": 15, "REAL": 15}
    }  # fmt: skip
    assert placement.placed_by.tolist() == [2] * 60 + [1] * 60


def test_eval_is_taken_from_the_official_train() -> None:
    entries = [
        VideoEntry(f"{split}{index}.mp4", [REAL, FAKE][index % 2], split=split)
        for split in ("train", "test")
        for index in range(90)
    ]
    counts = placed(entries, "column").counts(columns_of(entries).label)
    assert counts == {
        "train": {"FAKE": 40, "REAL": 40},
        "eval": {"FAKE": 5, "REAL": 5},
        "test": {"FAKE": 45, "REAL": 45},
    }


def test_torn_group_goes_whole_where_training_is_nearest() -> None:
    entries = [
        VideoEntry("r.mp4", REAL, split="test"),
        VideoEntry("f.mp4", FAKE, ("r.mp4",), split="eval"),
        VideoEntry("x.mp4", REAL, split="train"),
    ]
    placement = placed(entries, "column")
    assert placement.split.tolist() == [1, 1, 0]
    assert placement.placed_by.tolist() == [4, 2, 2]
    assert len(placement.torn) == 1


def test_unknown_names_are_refused_until_told() -> None:
    entries = [VideoEntry("a.mp4", REAL, split="holdout"), VideoEntry("b.mp4", REAL, split="train")]
    with pytest.raises(
        UserError, match=r"split\.column='split': unknown splits 'holdout'; .*split\.names=\{holdout: test\}"
    ):
        placed(entries, "column")
    videos = columns_of(entries)
    rules = SplitRules(by="column", names={"Holdout": "test"})
    assert place(videos, connected_groups(videos, "original"), rules).split.tolist()[0] == 2


def test_column_without_values_is_refused() -> None:
    with pytest.raises(UserError, match="no video has a value in the column 'split'"):
        placed([VideoEntry("a.mp4", REAL)], "column")
