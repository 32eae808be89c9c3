"""Requires videos of both labels in each split, and finds the way out where there are none."""

import dataclasses

import numpy as np

from components import features
from components.dataset.splitting.columns import LABEL_NAMES, VideoColumns
from components.dataset.splitting.groups import Groups
from components.dataset.splitting.pins import Pins
from components.dataset.splitting.placing import Placement, count_by_label, place
from components.dataset.splitting.rules import BY_COLUMN, BY_STRATIFIED, SplitRules
from components.errors import UserError


def require_both_classes(
    videos: VideoColumns,
    groups: Groups,
    placement: Placement,
    rules: SplitRules,
    *,
    usable: np.ndarray | None = None,
    pins: Pins | None = None,
    listed_in: str = "metadata.json",
) -> None:
    """Checks that every split has videos of both labels.

    Args:
        videos: the data set.
        groups: of the videos.
        placement: of the videos.
        rules: how they were placed.
        usable: bool [n], the videos that count; all if None.
        pins: with which they were placed.
        listed_in: what lists the videos, for the message.

    Raises:
        UserError: if a split lacks a label, naming it, the counts and what to change.
    """
    label = videos.label if usable is None else np.where(usable, videos.label, -1)
    counts = placement.counts(label)
    lacking = [(split, name) for split in features.SPLITS for name in sorted(LABEL_NAMES) if not counts[split][name]]
    if not lacking:
        return
    for name in sorted(LABEL_NAMES):
        if all((split, name) in lacking for split in features.SPLITS):
            known = int((label >= 0).sum())
            raise UserError(f"{listed_in}: none of the {known} usable videos is labelled {name}; add some")
    split, name = lacking[0]
    others = "".join(f", {split} no {name}" for split, name in lacking[1:])
    table = "; ".join(
        f"{split} {', '.join(f'{count} {name}' for name, count in by_label.items())}"
        for split, by_label in counts.items()
    )
    raise UserError(
        f"split.{split}={getattr(rules.ratios, split)}: the {split} split has no {name} video{others} ({table}); "
        f"{_way_out(videos, groups, rules, label, pins, split)}"
    )


def _way_out(
    videos: VideoColumns, groups: Groups, rules: SplitRules, label: np.ndarray, pins: Pins | None, split: str
) -> str:
    stratified = dataclasses.replace(rules, by=BY_STRATIFIED)
    add = f"mark videos as {split} in the column {rules.column!r}" if rules.by == BY_COLUMN else "add videos"
    if rules.by != BY_STRATIFIED and _is_whole(place(videos, groups, stratified, pins), label):
        return f"{add}, or type --set split.by=stratified"
    if pins and _is_whole(place(videos, groups, stratified), label):
        return f"{add}, or place all videos anew: --set split.by=stratified --set split.pin="
    holding = (count_by_label(groups.of_video, label, len(groups)) > 0).sum(axis=0).tolist()
    held = " and ".join(f"{count:,} with {name} videos" for name, count in zip(LABEL_NAMES, holding, strict=True))
    count = f"{len(groups):,} group" + "s" * (len(groups) != 1)
    few = f"split.group_by={rules.group_by!r} makes {count} ({held}), too few"
    return f"{few}: add videos, or choose another split.group_by"


def _is_whole(placement: Placement, label: np.ndarray) -> bool:
    return bool(count_by_label(placement.split, label, len(features.SPLITS)).all())
