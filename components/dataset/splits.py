"""Groups videos that must stay together and assigns them to splits."""

import collections
import dataclasses
import hashlib
import itertools
from collections.abc import Iterable, Sequence

from components import features
from components.dataset.entries import LABELS, VideoEntry, show
from components.errors import UserError
from components.file_names import nfc


@dataclasses.dataclass(frozen=True)
class SplitRatios:
    """The proportions of the splits, positive integers."""

    train: int = 8
    eval: int = 1
    test: int = 1

    def __post_init__(self) -> None:
        """Refuses ratios below 1."""
        for name, ratio in dataclasses.asdict(self).items():
            if ratio < 1:
                raise UserError(f"split.{name}={ratio}: must be a whole number above zero; type --set split.{name}=1")

    @property
    def total(self) -> int:
        """The number of hash buckets."""
        return self.train + self.eval + self.test


def group_id(entry: VideoEntry, group_by: str) -> str:
    """Returns the group that a video belongs to; a group is never divided among splits.

    Args:
        entry: the video.
        group_by: `original` (the original's bare file name, else the video's own; bare, so that adding a folder
            never moves a video to another split), `folder` (relative to the data root), or `meta/<key>`.

    Returns:
        The group in Unicode composed form, so that names that look alike share a group.

    Raises:
        UserError: if `group_by` is none of these, or the entry lacks the key.
    """
    return nfc(_group(entry, group_by))


def _group(entry: VideoEntry, group_by: str) -> str:
    if group_by == "original":
        return next(iter(entry.originals), entry.name)
    if group_by == "folder":
        return entry.folder
    kind, _, key = group_by.partition("/")
    if kind != "meta" or not key:
        raise UserError(f"split.group_by={group_by!r}: allowed are original, folder and meta/<key of metadata.json>")
    if key not in entry.meta:
        keys = ", ".join(f"meta/{key}" for key in sorted(entry.meta)) or "none"
        raise UserError(
            f"split.group_by={group_by!r}: {show(entry.uri)} has no key {key!r} in metadata.json "
            f"(available: {keys}); add it, or type --set split.group_by=original"
        )
    return entry.meta[key]


def assign_split(group: str, ratios: SplitRatios) -> str:
    """Returns the split of a group, exactly as TFX's ExampleGen assigns it by hash of the `group_id` feature."""
    return _split_of(_hash(group), ratios)


def count_by_split(entries: Iterable[VideoEntry], ratios: SplitRatios, group_by: str) -> dict[str, dict[str, int]]:
    """Counts videos by split and label, including zero counts.

    Raises:
        UserError: as `group_id`.
    """
    counts = {split: dict.fromkeys(LABELS, 0) for split in features.SPLITS}
    for entry in entries:
        if entry.label is not None:
            counts[assign_split(group_id(entry, group_by), ratios)][entry.label] += 1
    return counts


def require_both_classes(entries: Sequence[VideoEntry], ratios: SplitRatios, group_by: str) -> None:
    """Checks that every split has videos of both classes.

    Raises:
        UserError: if a split lacks a class, naming it, the counts and what to change.
    """
    counts = count_by_split(entries, ratios, group_by)
    lacking = [(split, label) for split in features.SPLITS for label in LABELS if not counts[split][label]]
    if not lacking:
        return
    for label in LABELS:
        if all((split, label) in lacking for split in features.SPLITS):
            raise UserError(f"metadata.json: none of the {len(entries)} usable videos is labelled {label}; add some")
    split, label = lacking[0]
    others = "".join(f", {split} no {label}" for split, label in lacking[1:])
    table = "; ".join(
        f"{split} {', '.join(f'{count} {label}' for label, count in by_label.items())}"
        for split, by_label in counts.items()
    )
    raise UserError(
        f"split.{split}={getattr(ratios, split)}: the {split} split has no {label} video{others} ({table}); "
        f"{_way_out(entries, ratios, group_by)}"
    )


def _way_out(entries: Sequence[VideoEntry], ratios: SplitRatios, group_by: str) -> str:
    labels_by_hash = collections.defaultdict(set)
    for entry in entries:
        labels_by_hash[_hash(group_id(entry, group_by))].add(entry.label)
    for candidate in _nearby(ratios):
        found = {(_split_of(key, candidate), label) for key, labels in labels_by_hash.items() for label in labels}
        if len(found) == len(features.SPLITS) * len(LABELS):
            settings = " ".join(f"--set split.{name}={value}" for name, value in dataclasses.asdict(candidate).items())
            return f"add videos, or type {settings}"
    count = f"{len(labels_by_hash)} group" + "s" * (len(labels_by_hash) != 1)
    return f"split.group_by={group_by!r} makes {count}, too few: add videos, or choose another split.group_by"


def _nearby(ratios: SplitRatios) -> list[SplitRatios]:
    """Returns other proportions in which train is the largest, most similar first."""
    sizes = itertools.product(range(1, 10), range(1, 5), range(1, 5))
    candidates = [SplitRatios(*size) for size in sizes if size[0] >= max(size[1:])]
    return sorted(
        candidates,
        key=lambda it: sum(
            abs(getattr(it, split) / it.total - getattr(ratios, split) / ratios.total) for split in features.SPLITS
        ),
    )


def _hash(group: str) -> int:
    # What TFX hashes is a tf.train.Feature, as protobuf writes it: a list of bytes in its first field.
    feature = _first_field(_first_field(group.encode()))
    return int(hashlib.sha256(feature).hexdigest(), 16)


def _first_field(content: bytes) -> bytes:
    """Returns the message whose first field, of a variable length, is `content`."""
    length = len(content)
    varint = bytearray()
    while length > 0x7F:
        varint.append(length & 0x7F | 0x80)
        length >>= 7
    return b"\x0a" + bytes([*varint, length]) + content


def _split_of(key: int, ratios: SplitRatios) -> str:
    bucket = key % ratios.total
    if bucket < ratios.train:
        return "train"
    return "eval" if bucket < ratios.train + ratios.eval else "test"
