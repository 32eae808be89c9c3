"""The report that `examine` makes on a data set."""

import dataclasses

from components.dataset.duplicates import DuplicateVideos
from components.dataset.splitting.rules import SplitRatios


@dataclasses.dataclass(frozen=True)
class Spread:
    """The distribution of a number over the videos."""

    minimum: float
    median: float
    maximum: float


@dataclasses.dataclass(frozen=True)
class HealthReport:
    """Everything known about a data set.

    Attributes:
        data_root: as given.
        listed_in: what lists the videos: `metadata.json`, or the manifest's path.
        folders: folders with a metadata.json; "" is the data root itself.
        ignored_folders: direct subfolders without one.
        videos: number of listed videos.
        labels: number of listed videos by label.
        group_by: what keeps videos together.
        groups: number of groups that stay together.
        ratios: proportions of the splits.
        split_by: what places the groups: `hash`, `stratified` or `column`.
        splits: number of listed videos by split and label.
        official: the same by official split; empty unless `column` places the groups.
        usable: the same for videos that exist and are not known to be unreadable.
        missing: uris that are listed but do not exist.
        unlisted: uris of videos that exist but are not listed.
        probed: number of videos that were opened.
        unreadable: uris of videos that could not be opened, by reason.
        duplicates: videos with equal content.
        total_bytes: size of all probed videos.
        size_bytes: spread over all probed videos; None if there are none.
        duration_s: spread in seconds over the videos whose header declares it.
        fps: spread over the videos whose header declares it.
        resolutions: number of probed videos by `WIDTHxHEIGHT`, most frequent first.
        codecs: number of probed videos by codec, most frequent first.
        problems: why a run would fail, one line each.
        warnings: what the user should know, one line each.
    """

    data_root: str
    listed_in: str
    folders: tuple[str, ...]
    ignored_folders: tuple[str, ...]
    videos: int
    labels: dict[str, int]
    group_by: str
    groups: int
    ratios: SplitRatios
    split_by: str
    splits: dict[str, dict[str, int]]
    official: dict[str, dict[str, int]]
    usable: dict[str, dict[str, int]]
    missing: tuple[str, ...]
    unlisted: tuple[str, ...]
    probed: int
    unreadable: dict[str, tuple[str, ...]]
    duplicates: tuple[DuplicateVideos, ...]
    total_bytes: int
    size_bytes: Spread | None
    duration_s: Spread | None
    fps: Spread | None
    resolutions: dict[str, int]
    codecs: dict[str, int]
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
