"""What `examine` finds out about a data set."""

import dataclasses

from components.video_example_gen.duplicates import DuplicateVideos
from components.video_example_gen.splits import SplitRatios


@dataclasses.dataclass(frozen=True)
class Spread:
    """How a number is distributed over the videos."""

    minimum: float
    median: float
    maximum: float


@dataclasses.dataclass(frozen=True)
class HealthReport:
    """Everything known of a data set.

    Attributes:
        data_root: as it was given.
        folders: those with a metadata.json, "" being the data root.
        ignored_folders: direct subfolders without one.
        videos: number of listed videos.
        labels: number of listed videos by label.
        group_by: what keeps videos together.
        groups: number of groups that stay together.
        ratios: proportions of the splits.
        splits: number of listed videos by split and label.
        usable: the same of those that are there and, as far as probed, can be opened.
        missing: uris listed but absent.
        unlisted: uris of videos that are there but not listed.
        probed: number of videos that were opened.
        unreadable: uris of those that could not be, by reason.
        duplicates: videos of equal content.
        total_bytes: size of all probed videos.
        size_bytes: spread over the probed videos; None if there are none.
        duration_s: spread in seconds, of those whose header gives it.
        fps: spread, of those whose header gives it.
        resolutions: number of probed videos by `WIDTHxHEIGHT`, most frequent first.
        codecs: number of probed videos by codec, most frequent first.
        problems: why a run would fail, one line each.
        warnings: what a person should know, one line each.
    """

    data_root: str
    folders: tuple[str, ...]
    ignored_folders: tuple[str, ...]
    videos: int
    labels: dict[str, int]
    group_by: str
    groups: int
    ratios: SplitRatios
    splits: dict[str, dict[str, int]]
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
