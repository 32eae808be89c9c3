"""Examines a data set: its contents, and whether a run on it would fail."""

import collections
import contextlib
import statistics
from collections.abc import Callable, Iterable

import numpy as np

from components.dataset.duplicates import name_duplicates
from components.dataset.entries import LABELS
from components.dataset.findings import check_command, find_problems, find_warnings, too_many_lost
from components.dataset.health_report import HealthReport, Spread
from components.dataset.probe import probe_video
from components.dataset.probing import probe_videos
from components.dataset.sources import Dataset
from components.dataset.split_plan import SplitPlan, plan_splits
from components.dataset.splitting.both_classes import require_both_classes
from components.dataset.splitting.columns import LABEL_NAMES
from components.dataset.splitting.pins import Pins
from components.dataset.splitting.rules import BY_COLUMN, SplitRules
from components.errors import UserError
from components.uris import is_remote
from components.video_decoding.decoder import IsolatedDecoder
from components.video_errors import VideoError

_PREFLIGHT_VIDEOS = 50


def examine(
    dataset: Dataset,
    rules: SplitRules,
    max_quarantine_ratio: float,
    *,
    pins: Pins | None = None,
    limit: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> HealthReport:
    """Opens and hashes the videos and reports on the data set.

    Args:
        dataset: as `read_dataset` returns it for the same rules.
        rules: how it is split.
        max_quarantine_ratio: fraction of the videos that a run may lose.
        pins: where videos were in an earlier run.
        limit: the most videos to open, evenly spaced over the data set; None for all.
        progress: called with the number of videos opened and their total.

    Raises:
        UserError: if the rules do not fit the data set.
    """
    videos = dataset.videos
    if limit != 0:
        plan_splits(videos, rules, pins)  # Fails before the videos are opened, which takes long.
    probed = probe_videos(dataset.data_root, videos.uri, evenly_chosen(dataset.present, limit), progress)
    usable = dataset.is_there.copy()
    usable[[row for rows in probed.refused.values() for row in rows]] = False
    plan = plan_splits(videos, rules, pins, *probed.contents)
    usable_counts = plan.placement.counts(np.where(usable, videos.label, -1))
    duplicates = name_duplicates(videos, plan)
    problems = find_problems(
        dataset,
        max_quarantine_ratio,
        unreadable=probed.unreadable,
        probed=len(probed),
        lacking=lambda: _require_both_classes(dataset, plan, rules, pins, usable),
    )
    labels = {label: int((videos.label == LABEL_NAMES.index(label)).sum()) for label in LABELS}
    return HealthReport(
        data_root=dataset.data_root,
        listed_in=dataset.source.listed_in,
        folders=tuple(dataset.source.listings),
        ignored_folders=dataset.source.ignored_folders,
        videos=len(dataset),
        labels=labels,
        group_by=rules.group_by,
        groups=len(plan.groups),
        ratios=rules.ratios,
        split_by=rules.by,
        splits=plan.placement.counts(videos.label),
        official=plan.placement.official_counts(videos.label) if rules.by == BY_COLUMN else {},
        usable=usable_counts,
        missing=dataset.uris(dataset.missing),
        unlisted=dataset.unlisted,
        probed=len(probed),
        unreadable={reason: dataset.uris(np.array(rows)) for reason, rows in probed.refused.items()},
        duplicates=tuple(duplicates),
        total_bytes=int(sum(probed.sizes)),
        size_bytes=_spread(probed.sizes),
        duration_s=_spread(probed.durations),
        fps=_spread(probed.rates),
        resolutions=dict(probed.resolutions.most_common()),
        codecs=dict(probed.codecs.most_common()),
        problems=tuple(problems),
        warnings=tuple(find_warnings(dataset, plan, rules, duplicates, usable, usable_counts)),
    )


def preflight(dataset: Dataset, rules: SplitRules, max_quarantine_ratio: float, *, pins: Pins | None = None) -> None:
    """Finds quickly, before any node starts, what would make a run fail.

    Videos in a bucket are not opened, since they would have to be downloaded.

    Raises:
        UserError: if too many videos are missing, a split lacks a class, or none of 50 videos can be opened.
    """
    if line := too_many_lost(dataset, max_quarantine_ratio):
        raise UserError(f"{line}; see {check_command(dataset)}")
    _require_both_classes(dataset, plan_splits(dataset.videos, rules, pins), rules, pins, dataset.is_there)
    if is_remote(dataset.data_root):
        return
    reasons: collections.Counter[str] = collections.Counter()
    tried = evenly_chosen(dataset.present, _PREFLIGHT_VIDEOS)
    with contextlib.closing(IsolatedDecoder()) as decoder:
        for uri in dataset.uris(tried):
            try:
                probe_video(dataset.data_root, uri, decoder)
            except VideoError as error:
                reasons[error.reason.value] += 1
            else:
                return
    raise UserError(
        f"{dataset.data_root}: none of the {len(tried)} videos tried can be opened: {reasons.most_common(1)[0][0]}; "
        f"see {check_command(dataset)}"
    )


def evenly_chosen(rows: np.ndarray, limit: int | None) -> np.ndarray:
    """Returns at most `limit` of the rows, evenly spaced; all if None."""
    count = len(rows) if limit is None else min(limit, len(rows))
    return rows[np.arange(count) * len(rows) // max(count, 1)]


def _require_both_classes(
    dataset: Dataset, plan: SplitPlan, rules: SplitRules, pins: Pins | None, usable: np.ndarray
) -> None:
    listed_in = dataset.source.listed_in
    require_both_classes(
        dataset.videos, plan.groups, plan.placement, rules, usable=usable, pins=pins, listed_in=listed_in
    )


def _spread(values: Iterable[float]) -> Spread | None:
    known = [value for value in values if value > 0]
    return Spread(min(known), statistics.median(known), max(known)) if known else None
