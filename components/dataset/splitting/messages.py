"""What a split is told about to people, in lines."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from components import features
from components.dataset.entries import show
from components.dataset.splitting.columns import VideoColumns
from components.dataset.splitting.groups import Groups
from components.dataset.splitting.official import UNKNOWN
from components.dataset.splitting.placing import PLACED_BY, Placement
from components.dataset.splitting.rules import BY_COLUMN, BY_ORIGINAL, SplitRules
from components.dataset.splitting.texts import file_names

_NAMES_SHOWN: Final = 3
_GROUPS_SHOWN: Final = 2
_LARGE_GROUP: Final = 0.1


def placement_lines(videos: VideoColumns, groups: Groups, placement: Placement, rules: SplitRules) -> Iterator[str]:
    """Yields one line for each thing about a placement that does not stop a run but that people should know."""
    if len(placement.torn):
        yield _torn(videos, groups, placement)
    if placement.pins_left:
        yield f"split.pin: {_count(placement.pins_left, 'pinned video')} not in the data set, so left out"
    if rules.by == BY_COLUMN:
        yield from _official(placement)
    if line := _one_large_group(videos, groups, rules):
        yield line


def joined_line(videos: VideoColumns, equal: Sequence[np.ndarray]) -> str | None:
    """Returns the line about byte-identical videos, which are kept in one split; None if there are none.

    Args:
        videos: the data set.
        equal: the rows of each set of byte-identical videos.
    """
    if not equal:
        return None
    where = f"{_count(len(equal), 'time')}, first {_uris(videos, equal[0])}"
    return f"the same video under different names, kept in one split, {where}"


def _torn(videos: VideoColumns, groups: Groups, placement: Placement) -> str:
    shown = [_one_torn(videos, groups, placement, int(group)) for group in placement.torn[:_GROUPS_SHOWN]]
    more = "; ..." if len(placement.torn) > _GROUPS_SHOWN else ""
    one = len(placement.torn) == 1
    return (
        f"{_count(len(placement.torn), 'group')} that share{'s' * one} footage {'is' if one else 'are'} torn apart by "
        f"given splits, and put whole into the one nearest to training: {'; '.join(shown)}{more}"
    )


def _one_torn(videos: VideoColumns, groups: Groups, placement: Placement, group: int) -> str:
    rows = np.flatnonzero(groups.of_video == group)
    given = np.where(placement.pinned[rows] != UNKNOWN, placement.pinned[rows], placement.official[rows])
    by_split = [
        f"{_uris(videos, rows[given == code])} of {split}"
        for code, split in enumerate(features.SPLITS)
        if (given == code).any()
    ]
    return f"{' and '.join(by_split)} to {features.SPLITS[placement.split[rows[0]]]}"


def _official(placement: Placement) -> Iterator[str]:
    unplaced = int((placement.official == UNKNOWN).sum())
    if unplaced:
        yield f"{_count(unplaced, 'video')} without an official split: follow a group that has one, else stratified"
    carved = (placement.official == features.SPLITS.index("train")) & (
        placement.placed_by == PLACED_BY.index("stratified")
    )
    if carved.any():
        yield f"no official eval: {_count(int(carved.sum()), 'video')} of the official train taken for it, stratified"


def _one_large_group(videos: VideoColumns, groups: Groups, rules: SplitRules) -> str | None:
    if len(groups) < 2:
        return None
    sizes = np.bincount(groups.of_video, minlength=len(groups))
    largest = int(sizes.argmax())
    if sizes[largest] <= max(_LARGE_GROUP * len(videos), 2):
        return None
    rows = pa.array(np.flatnonzero(groups.of_video == largest))
    alike = rules.group_by == BY_ORIGINAL and len(file_names(videos.uri.take(rows)).unique()) == 1
    reason = (
        ", which have the same file name; name the groups in a column group_id if they share nothing" if alike else ""
    )
    return (
        f"group {show(groups.names[largest].as_py())} holds {sizes[largest]:,} of {len(videos):,} videos, "
        f"and stays in one split{reason}"
    )


def _uris(videos: VideoColumns, rows: np.ndarray) -> str:
    names = videos.uri.take(pa.array(rows[:_NAMES_SHOWN])).to_pylist()
    return ", ".join(map(show, names)) + (", ..." if len(rows) > _NAMES_SHOWN else "")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + "s" * (number != 1)
