import posixpath

import numpy as np
import pytest
from data_sets import FAKE, REAL, columns_of, digests_of, entry_lists, parts_of, shuffled
from hypothesis import given, settings
from hypothesis import strategies as st

from components.dataset.entries import VideoEntry
from components.dataset.splitting.groups import connected_groups, join_groups
from components.dataset.splitting.rules import SplitRules
from components.errors import UserError


def names_of(entries: list[VideoEntry], group_by: str = "original") -> list[str]:
    videos = columns_of(entries, SplitRules(group_by=group_by))
    return connected_groups(videos, group_by).names_by_video().to_pylist()


def test_group_is_named_after_the_original() -> None:
    entries = [
        VideoEntry("part_0/f.mp4", FAKE, ("r.mp4",)),
        VideoEntry("part_0/r.mp4", REAL),
        VideoEntry("x.mp4", REAL),
    ]
    assert names_of(entries) == ["r.mp4", "r.mp4", "x.mp4"]
    assert names_of(entries, "folder") == ["part_0", "part_0", ""]


def test_bare_name_of_an_absent_original_connects_all_its_fakes() -> None:
    assert names_of([VideoEntry("a/f.mp4", FAKE, ("r.mp4",)), VideoEntry("b/g.mp4", FAKE, ("r.mp4",))]) == ["r.mp4"] * 2


def test_original_in_another_folder_is_found_by_its_name_even_if_the_data_set_names_its_group() -> None:
    entries = [VideoEntry("fake/f.mp4", FAKE, ("r.mp4",)), VideoEntry("real/r.mp4", REAL, group_id="person 7")]
    assert names_of(entries) == ["person 7"] * 2


def test_fake_with_two_originals_connects_both_groups() -> None:
    entries = [
        VideoEntry("f/000_003.mp4", FAKE, ("o/000.mp4", "o/003.mp4")),
        VideoEntry("o/000.mp4", REAL),
        VideoEntry("o/003.mp4", REAL),
        VideoEntry("f/003_000.mp4", FAKE, ("o/003.mp4",)),
        VideoEntry("o/001.mp4", REAL),
    ]
    assert names_of(entries) == ["000.mp4"] * 4 + ["001.mp4"]


def test_named_groups_keep_videos_of_the_same_file_name_apart() -> None:
    entries = [VideoEntry(f"{person}/clip.mp4", REAL, group_id=person) for person in ("ann", "bob")]
    fake = VideoEntry("fake/f.mp4", FAKE, ("ann/clip.mp4",))
    assert names_of([*entries, fake]) == ["ann", "bob", "ann"]
    assert names_of([VideoEntry("a/clip.mp4", REAL), VideoEntry("b/clip.mp4", REAL)]) == ["clip.mp4"] * 2


def test_names_that_look_alike_are_the_same() -> None:
    composed, decomposed = "caf\u00e9.mp4", "cafe\u0301.mp4"
    assert names_of([VideoEntry(composed, REAL), VideoEntry("f.mp4", FAKE, (decomposed,))]) == [composed] * 2
    actors = [
        VideoEntry("a.mp4", REAL, (), {"actor": "Zo\u00eb"}),
        VideoEntry("b.mp4", REAL, (), {"actor": "Zoe\u0308"}),
    ]
    assert len(set(names_of(actors, "meta/actor"))) == 1


def test_fake_follows_its_original_whatever_groups_are_made_by() -> None:
    entries = [VideoEntry("r.mp4", REAL, (), {"actor": "Ann"}), VideoEntry("f.mp4", FAKE, ("r.mp4",), {"actor": "Bob"})]
    assert names_of(entries, "meta/actor") == ["Ann"] * 2


def test_column_that_a_video_lacks() -> None:
    entries = [VideoEntry("f.mp4", FAKE, (), {"take": "1", "actor": "Ann"})]
    with pytest.raises(
        UserError, match=r"split\.group_by='meta/speaker': 'f\.mp4' has no 'speaker' .*meta/actor, meta/"
    ):
        names_of(entries, "meta/speaker")


@pytest.mark.parametrize("group_by", ["actor", "meta/", ""])
def test_grouping_that_does_not_exist(group_by: str) -> None:
    with pytest.raises(UserError, match="allowed are original, folder and meta/<column"):
        SplitRules(group_by=group_by)


@settings(max_examples=60, deadline=None)
@given(entry_lists(), st.integers(), st.sampled_from(["original", "folder"]))
def test_groups_are_the_same_in_any_order(entries: list[VideoEntry], seed: int, group_by: str) -> None:
    by_uri = dict(zip([entry.uri for entry in entries], names_of(entries, group_by), strict=True))
    other = shuffled(entries, seed)
    assert dict(zip([entry.uri for entry in other], names_of(other, group_by), strict=True)) == by_uri


@settings(max_examples=60, deadline=None)
@given(entry_lists(), st.sampled_from(["original", "folder"]))
def test_video_is_in_the_group_of_each_original(entries: list[VideoEntry], group_by: str) -> None:
    groups = connected_groups(columns_of(entries), group_by)
    assert len(set(groups.names.to_pylist())) == len(groups) == len(set(groups.of_video.tolist()))
    row = {entry.uri: index for index, entry in enumerate(entries)}
    for index, entry in enumerate(entries):
        for original in entry.originals:
            place = original if "/" in original else posixpath.join(entry.folder, original)
            others = (
                [place]
                if place in row
                else [uri for uri in row if posixpath.basename(uri) == posixpath.basename(original)]
            )
            assert {groups.of_video[row[uri]] for uri in others} <= {groups.of_video[index]}


@settings(max_examples=60, deadline=None)
@given(entry_lists(), st.data())
def test_byte_identical_videos_share_a_group_and_none_is_divided(
    entries: list[VideoEntry], data: st.DataObject
) -> None:
    groups = connected_groups(columns_of(entries), "original")
    rows = np.array(data.draw(st.lists(st.integers(0, len(entries) - 1), unique=True)), np.int64)
    contents = data.draw(st.lists(st.integers(0, 5), min_size=len(rows), max_size=len(rows)))
    joined, equal = join_groups(groups, rows, digests_of(contents))
    by_content: dict[int, set[int]] = {}
    for row, content in zip(rows.tolist(), contents, strict=True):
        by_content.setdefault(content, set()).add(row)
    assert {frozenset(same.tolist()) for same in equal} == {frozenset(it) for it in by_content.values() if len(it) > 1}
    for same in (*by_content.values(), *parts_of(groups)):
        assert len({joined.of_video[row] for row in same}) <= 1
    assert set(joined.names.to_pylist()) <= set(groups.names.to_pylist())
