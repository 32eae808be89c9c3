import numpy as np
import pytest
from data_sets import FAKE, REAL, all_of, columns_of, digests_of, listed_like

from components.dataset.entries import VideoEntry
from components.dataset.splitting.both_classes import require_both_classes
from components.dataset.splitting.groups import connected_groups, join_groups
from components.dataset.splitting.messages import joined_line, placement_lines
from components.dataset.splitting.pins import Pins
from components.dataset.splitting.placing import place
from components.dataset.splitting.rules import SplitRules


def lines_of(entries: list[VideoEntry], rules: SplitRules, pins: Pins | None = None) -> list[str]:
    videos = columns_of(entries, rules)
    groups = connected_groups(videos, rules.group_by)
    lines = list(placement_lines(videos, groups, place(videos, groups, rules, pins), rules))
    assert all(len(line.splitlines()) == 1 for line in lines)
    return lines


def refusal(entries: list[VideoEntry], rules: SplitRules, pins: Pins | None = None) -> str:
    videos = columns_of(entries, rules)
    groups = connected_groups(videos, rules.group_by)
    with pytest.raises(Exception, match=r".") as error:
        require_both_classes(videos, groups, place(videos, groups, rules, pins), rules, pins=pins)
    assert len(str(error.value).splitlines()) == 1
    return str(error.value)


def test_torn_group_is_told_with_its_videos_and_both_splits() -> None:
    entries = [VideoEntry("r.mp4", REAL, split="train"), VideoEntry("f.mp4", FAKE, ("r.mp4",), split="test")]
    line = next(line for line in lines_of(entries, SplitRules(by="column")) if "torn" in line)
    assert "1 group that shares footage is torn apart" in line
    assert "'r.mp4' of train and 'f.mp4' of test to train" in line


def test_what_is_left_of_a_pin_is_counted() -> None:
    pins = Pins(all_of(["gone.mp4", "a.mp4"]), np.array([0, 2], np.int8))
    assert lines_of([VideoEntry("a.mp4", REAL)], SplitRules(), pins) == [
        "split.pin: 1 pinned video not in the data set, so left out"
    ]


def test_eval_taken_from_train_and_videos_without_an_official_split_are_counted() -> None:
    entries = [VideoEntry(f"{index}.mp4", (REAL, FAKE)[index % 2], split="train") for index in range(18)]
    lines = lines_of([*entries, VideoEntry("new.mp4", REAL)], SplitRules(by="column"))
    assert "1 video without an official split: follow a group that has one, else stratified" in lines
    assert any(line.startswith("no official eval: 2 videos of the official train taken for it") for line in lines)


def test_group_of_videos_that_only_share_a_file_name() -> None:
    lines = lines_of(
        [VideoEntry(f"{index}/clip.mp4", REAL) for index in range(5)] + [VideoEntry("a.mp4", REAL)], SplitRules()
    )
    assert "group 'clip.mp4' holds 5 of 6 videos" in lines[0]
    assert "same file name" in lines[0]


def test_byte_identical_videos_are_told() -> None:
    videos = columns_of([VideoEntry("a.mp4", REAL), VideoEntry("b.mp4", REAL)])
    _, equal = join_groups(connected_groups(videos, "original"), np.arange(2), digests_of([4, 4]))
    line = joined_line(videos, equal)
    assert line is not None
    assert "1 time, first 'a.mp4', 'b.mp4'" in line
    assert joined_line(videos, []) is None


def test_way_out_of_hash_is_stratified() -> None:
    entries = listed_like({(1, 0): 3, (0, 1): 12})
    message = refusal(entries, SplitRules(by="hash"))
    assert "split has no " in message
    assert message.endswith("add videos, or type --set split.by=stratified")
    require_both = SplitRules(by="stratified")
    videos = columns_of(entries)
    groups = connected_groups(videos, "original")
    require_both_classes(videos, groups, place(videos, groups, require_both), require_both)


def test_way_out_of_a_column_is_to_mark_videos() -> None:
    entries = [VideoEntry(f"{index}.mp4", (REAL, FAKE)[index % 2], split="train") for index in range(18)]
    message = refusal(entries, SplitRules(by="column"))
    assert message.startswith("split.test=1: the test split has no FAKE video, test no REAL")
    assert "mark videos as test in the column 'split', or type --set split.by=stratified" in message


def test_way_out_of_a_pin_is_to_place_all_anew() -> None:
    entries = listed_like({(1, 1): 9})
    pins = Pins(columns_of(entries).uri, np.zeros(len(entries), np.int8))
    assert "--set split.by=stratified --set split.pin=" in refusal(entries, SplitRules(by="stratified"), pins)


def test_too_few_groups() -> None:
    entries = [VideoEntry(f"part_0/{index}", (REAL, FAKE)[index % 2]) for index in range(40)]
    message = refusal(entries, SplitRules(by="stratified", group_by="folder"))
    assert "split.group_by='folder' makes 1 group (1 with REAL videos and 1 with FAKE videos), too few" in message


def test_one_label_only() -> None:
    entries = [VideoEntry(f"{index}.mp4", REAL) for index in range(50)]
    assert refusal(entries, SplitRules()) == "metadata.json: none of the 50 usable videos is labelled FAKE; add some"
