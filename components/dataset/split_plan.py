"""Decides the split of every video of a data set."""

import dataclasses

import numpy as np

from components.dataset.splitting.columns import VideoColumns
from components.dataset.splitting.groups import Groups, connected_groups, join_groups
from components.dataset.splitting.pins import Pins
from components.dataset.splitting.placing import Placement, place
from components.dataset.splitting.rules import SplitRules


@dataclasses.dataclass(frozen=True)
class SplitPlan:
    """The groups and the splits of n videos.

    Attributes:
        named: the groups by what the data set says.
        groups: the same, those of byte-identical videos joined.
        placement: the splits.
        equal: the rows, ascending, of each set of byte-identical videos.
    """

    named: Groups
    groups: Groups
    placement: Placement
    equal: list[np.ndarray]


def plan_splits(
    videos: VideoColumns,
    rules: SplitRules,
    pins: Pins | None = None,
    rows: np.ndarray | None = None,
    digests: np.ndarray | None = None,
) -> SplitPlan:
    """Groups videos and places the groups.

    Args:
        videos: the data set.
        rules: how to split.
        pins: where videos were in an earlier run.
        rows: int [m], the videos whose content is known, if it is.
        digests: uint8 [m, 32], the SHA-256 of each.

    Raises:
        UserError: if the rules do not fit the data set.
    """
    named = connected_groups(videos, rules.group_by)
    groups, equal = (named, []) if rows is None or digests is None else join_groups(named, rows, digests)
    placement = place(videos, groups, rules, pins, before_joining=named if equal else None)
    return SplitPlan(named, groups, placement, equal)
