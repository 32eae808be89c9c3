"""Finds videos that occur more than once."""

import collections
import dataclasses
from collections.abc import Mapping, Sequence

from components.dataset.entries import VideoEntry
from components.dataset.splits import SplitRatios, assign_split, group_id


@dataclasses.dataclass(frozen=True)
class DuplicateVideos:
    """Videos with the same bytes, and their labels and splits; more than one split is a leak."""

    uris: tuple[str, ...]
    labels: tuple[str, ...]
    splits: tuple[str, ...]


def find_duplicates(
    entries: Sequence[VideoEntry], content_digests: Mapping[str, str], ratios: SplitRatios, group_by: str
) -> list[DuplicateVideos]:
    """Groups the entries with equal content.

    Args:
        entries: all videos.
        content_digests: digest by uri, for the videos that could be read.
        ratios: proportions of the splits.
        group_by: what keeps videos together.
    """
    same = collections.defaultdict(list)
    for entry in entries:
        if entry.uri in content_digests:
            same[content_digests[entry.uri]].append(entry)
    return [
        DuplicateVideos(
            uris=tuple(entry.uri for entry in equal),
            labels=tuple(sorted({entry.label for entry in equal if entry.label})),
            splits=tuple(sorted({assign_split(group_id(entry, group_by), ratios) for entry in equal})),
        )
        for equal in same.values()
        if len(equal) > 1
    ]
