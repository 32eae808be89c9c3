"""Counts of the videos by label, split, family and quarantine reason."""

import collections
import dataclasses
import os
from collections.abc import Iterator

import tensorflow as tf

from components import features
from components.examples import read_records
from components.json_lines import read_json_lines
from components.quarantine import QUARANTINE_FILE
from components.report_gen.optional_files import read_if_exists

_MAX_ROWS = 50


@dataclasses.dataclass(frozen=True)
class SplitCount:
    """How many videos and groups a split has."""

    split: str
    real: int
    fake: int
    groups: int


@dataclasses.dataclass(frozen=True)
class Refused:
    """The number of videos refused for one reason, with the first of them."""

    reason: str
    stage: str
    count: int
    examples: list[tuple[str, str]]


@dataclasses.dataclass(frozen=True)
class DatasetCounts:
    """Counts over all videos.

    Attributes:
        splits: in the order of `features.SPLITS`.
        families: number of groups by their number of fakes.
        leaking_groups: number of groups in more than one split; should be 0.
        quarantine: by reason, the most frequent first.
    """

    splits: list[SplitCount]
    families: dict[int, int]
    leaking_groups: int
    quarantine: list[Refused]

    @property
    def quarantined(self) -> int:
        """Number of videos that could not be used."""
        return sum(refused.count for refused in self.quarantine)


def read_dataset_counts(videos: str, quarantine: str) -> DatasetCounts:
    """Counts the video examples in the artifact `videos` and the rows of the artifact `quarantine`."""
    splits, fakes_of_groups, splits_of_groups = [], collections.Counter[str](), collections.Counter[str]()
    for split in features.SPLITS:
        labels: collections.Counter[str] = collections.Counter()
        groups = set()
        for label, group in _labels_and_groups(os.path.join(videos, f"Split-{split}")):
            labels[label] += 1
            groups.add(group)
            fakes_of_groups[group] += label == features.FAKE
        splits_of_groups.update(groups)
        splits.append(SplitCount(split, labels[features.REAL], labels[features.FAKE], len(groups)))
    families = dict(sorted(collections.Counter(fakes_of_groups.values()).items()))
    torn = sum(count > 1 for count in splits_of_groups.values())
    return DatasetCounts(splits, families, torn, _refused(quarantine))


def _labels_and_groups(folder: str) -> Iterator[tuple[str, str]]:
    specification = {
        name: tf.io.FixedLenFeature([], tf.string, default_value="") for name in (features.LABEL, features.GROUP_ID)
    }
    for batch in read_records(os.path.join(folder, "*")).batch(1024):
        parsed = tf.io.parse_example(batch, specification)
        labels, groups = (parsed[name].numpy() for name in (features.LABEL, features.GROUP_ID))
        yield from ((label.decode(), group.decode()) for label, group in zip(labels, groups, strict=True))


def _refused(quarantine: str) -> list[Refused]:
    rows: list[dict[str, str]] = read_if_exists(read_json_lines, os.path.join(quarantine, QUARANTINE_FILE)) or []
    counts = collections.Counter((row["reason"], row["stage"]) for row in rows)
    return [
        Refused(
            reason,
            stage,
            count,
            [(row["video_id"], row["detail"]) for row in rows if (row["reason"], row["stage"]) == (reason, stage)][
                :_MAX_ROWS
            ],
        )
        for (reason, stage), count in counts.most_common()
    ]
