"""Places each video into train, eval or test."""

import dataclasses
from typing import Final

import numpy as np
import pyarrow.compute as pc

from components import features
from components.dataset.splitting.columns import LABEL_NAMES, VideoColumns
from components.dataset.splitting.cuts import cut
from components.dataset.splitting.groups import Groups
from components.dataset.splitting.hash_positions import hash_positions, place_by_hash
from components.dataset.splitting.official import UNKNOWN, split_codes
from components.dataset.splitting.pins import Pins
from components.dataset.splitting.rules import BY_COLUMN, BY_HASH, SplitRules
from components.dataset.splitting.stratified_order import stratified_order
from components.dataset.splitting.texts import mask
from components.errors import UserError

PLACED_BY: Final = ("hash", "stratified", "column", "pin", "group", "joined")
"""What placed a video, by its code: `group` followed others of its group, `joined` a byte-identical video."""
_HASH, _STRATIFIED, _COLUMN, _PIN, _GROUP, _JOINED = range(len(PLACED_BY))
_TRAIN, _EVAL, _TEST = range(len(features.SPLITS))
_FREE: Final = 3  # Above all splits, so that the smallest of a group is its split nearest to training.


@dataclasses.dataclass(frozen=True)
class Placement:
    """Where n videos are, and why.

    Attributes:
        split: int8 [n], index in `features.SPLITS`.
        placed_by: int8 [n], index in `PLACED_BY`.
        official: int8 [n], the official split, -1 where there is none; only with `split.by=column`.
        pinned: int8 [n], the split of an earlier run, -1 where there is none.
        torn: int64, the groups that pins or official splits tear apart; each is whole in the split nearest to training.
        pins_left: number of pinned videos that are not in the data set.
    """

    split: np.ndarray
    placed_by: np.ndarray
    official: np.ndarray
    pinned: np.ndarray
    torn: np.ndarray
    pins_left: int

    def counts(self, label: np.ndarray) -> dict[str, dict[str, int]]:
        """Returns the number of videos by split and label, including zeros."""
        return _as_dict(self.split, label)

    def official_counts(self, label: np.ndarray) -> dict[str, dict[str, int]]:
        """Returns the number of videos by official split and label, including zeros."""
        return _as_dict(self.official, label)


def place(
    videos: VideoColumns,
    groups: Groups,
    rules: SplitRules,
    pins: Pins | None = None,
    *,
    before_joining: Groups | None = None,
) -> Placement:
    """Places videos by their groups; the same for the same videos in any order.

    A pinned video stays where it was, and takes its group along; then an official split counts (`split.by=column`); all
    other groups are placed by hash or stratified. A group that has several such splits goes whole to the one nearest to
    training, so that nothing a model has seen is tested. If no video is officially in eval, eval is taken from the
    official train, stratified.

    Args:
        videos: the data set.
        groups: of the videos.
        rules: how to split.
        pins: where videos were in an earlier run.
        before_joining: the groups before `join_groups`, to tell which videos follow a byte-identical one.

    Raises:
        UserError: if an official split is unknown, or no video has one.
    """
    pinned, pins_left = pins.of(videos.uri) if pins else (np.full(len(videos), UNKNOWN, np.int8), 0)
    official = _official(videos, rules) if rules.by == BY_COLUMN else np.full(len(videos), UNKNOWN, np.int8)
    (by_pin, torn_by_pin), (by_column, torn_by_column) = (_of_groups(it, groups) for it in (pinned, official))
    split = np.where(by_pin < _FREE, by_pin, by_column)
    placed_by = np.where(by_pin < _FREE, _PIN, _COLUMN).astype(np.int8)
    torn = torn_by_pin | (torn_by_column & (by_pin == _FREE))
    free = np.flatnonzero(split == _FREE)
    if rules.by == BY_HASH:
        split[free] = place_by_hash(groups.names.take(free), dataclasses.astuple(rules.ratios))
        placed_by[free] = _HASH
    else:
        counts = count_by_label(groups.of_video, videos.label, len(groups))
        ratios = rules.ratios
        if rules.by == BY_COLUMN and not (official == _EVAL).any():
            movable = np.flatnonzero((by_pin == _FREE) & (by_column == _TRAIN))
            others = split.copy()
            others[movable] = _FREE
            fixed = _fixed(others, counts)
            fixed[_TEST] = 0
            split[movable] = _stratified(groups, movable, counts, fixed, (ratios.train, ratios.eval, 0))
            placed_by[movable[split[movable] == _EVAL]] = _STRATIFIED
        fixed = _fixed(split, counts)
        split[free] = _stratified(groups, free, counts, fixed, dataclasses.astuple(ratios))
        placed_by[free] = _STRATIFIED
    by_video = placed_by[groups.of_video]
    of_video = split[groups.of_video].astype(np.int8)
    own = ((by_video == _PIN) & (pinned == of_video)) | ((by_video == _COLUMN) & (official == of_video))
    followed = ((by_video == _PIN) | (by_video == _COLUMN)) & ~own
    by_video[followed] = _GROUP
    if before_joining:
        names = before_joining.names_by_video(), groups.names_by_video()
        by_video[~own & ~mask(pc.equal(*names))] = _JOINED
    return Placement(of_video, by_video, official, pinned, np.flatnonzero(torn), pins_left)


def count_by_label(of_video: np.ndarray, label: np.ndarray, parts: int) -> np.ndarray:
    """Returns int64 [parts, 2], videos of each label in each part; negative parts and labels are left out.

    Args:
        of_video: int [n], the part of each video.
        label: int8 [n], index in `LABEL_NAMES`, -1 if unknown.
        parts: number of parts.
    """
    known = (of_video >= 0) & (label >= 0)
    index = of_video[known].astype(np.int64) * len(LABEL_NAMES) + label[known]
    return np.bincount(index, minlength=parts * len(LABEL_NAMES)).reshape(parts, len(LABEL_NAMES))


def _as_dict(split: np.ndarray, label: np.ndarray) -> dict[str, dict[str, int]]:
    counts = count_by_label(split, label, len(features.SPLITS))
    return {
        name: dict(sorted(zip(LABEL_NAMES, row, strict=True)))
        for name, row in zip(features.SPLITS, counts.tolist(), strict=True)
    }


def _official(videos: VideoColumns, rules: SplitRules) -> np.ndarray:
    codes = split_codes(videos.official, rules.names, f"split.column={rules.column!r}")
    if len(codes) and not (codes != UNKNOWN).any():
        raise UserError(
            f"split.by=column: no video has a value in the column {rules.column!r}; name the right one, "
            "--set split.column=meta/NAME, or type --set split.by=stratified"
        )
    return codes


def _of_groups(codes: np.ndarray, groups: Groups) -> tuple[np.ndarray, np.ndarray]:
    """Returns int8 [groups], the split nearest to training of a group's videos, and whether they have several."""
    nearest, farthest = np.full(len(groups), _FREE, np.int8), np.full(len(groups), UNKNOWN, np.int8)
    known = codes != UNKNOWN
    np.minimum.at(nearest, groups.of_video[known], codes[known])
    np.maximum.at(farthest, groups.of_video[known], codes[known])
    return nearest, (farthest != UNKNOWN) & (nearest != farthest)


def _stratified(
    groups: Groups, which: np.ndarray, counts: np.ndarray, fixed: np.ndarray, sizes: tuple[int, int, int]
) -> np.ndarray:
    order = stratified_order(counts[which], hash_positions(groups.names.take(which)))
    first, second = cut(counts[which][order], fixed, sizes)
    split = np.empty(len(which), np.int8)
    split[order[:first]], split[order[first:second]], split[order[second:]] = _TRAIN, _EVAL, _TEST
    return split


def _fixed(split: np.ndarray, counts: np.ndarray) -> np.ndarray:
    return np.stack([counts[split == part].sum(axis=0) for part in range(_FREE)])
