"""Examines a data set: its contents, and whether a run on it would fail."""

import collections
import concurrent.futures
import contextlib
import itertools
import os
import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from components.dataset.duplicates import find_duplicates
from components.dataset.entries import LABELS, VideoEntry
from components.dataset.findings import check_command, find_problems, find_warnings, too_many_lost
from components.dataset.health_report import HealthReport, Spread
from components.dataset.metadata import Dataset
from components.dataset.probe import VideoFacts, probe_video
from components.dataset.splits import SplitRatios, count_by_split, group_id, require_both_classes
from components.errors import UserError
from components.uris import is_remote
from components.video_decoding.decoder import IsolatedDecoder
from components.video_errors import Reason, VideoError

_PROBE_THREADS = 8
# Starting a process takes as long as reading this many headers.
_VIDEOS_A_PROCESS = 300
_PREFLIGHT_VIDEOS = 50
_Item = TypeVar("_Item")


def examine(
    dataset: Dataset,
    ratios: SplitRatios,
    group_by: str,
    max_quarantine_ratio: float,
    *,
    limit: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> HealthReport:
    """Opens and hashes the videos and reports on the data set.

    Args:
        dataset: as `read_dataset` returns it.
        ratios: proportions of the splits.
        group_by: what keeps videos together.
        max_quarantine_ratio: fraction of the videos that a run may lose.
        limit: the most videos to open, evenly spaced over the data set; None for all.
        progress: called with the number of videos opened and their total.

    Raises:
        UserError: if `group_by` does not fit the data set.
    """
    splits = count_by_split(dataset.entries, ratios, group_by)
    present = dataset.present
    facts, reasons = _probe_all(dataset.data_root, evenly_chosen(present, limit), progress)
    usable = [entry for entry in present if entry.uri not in reasons]
    usable_counts = count_by_split(usable, ratios, group_by)
    duplicates = find_duplicates(
        dataset.entries, {uri: known.content_digest for uri, known in facts.items()}, ratios, group_by
    )
    unreadable = collections.defaultdict(list)
    for uri, reason in reasons.items():
        unreadable[reason.value].append(uri)
    problems = find_problems(
        dataset,
        usable,
        ratios,
        group_by,
        max_quarantine_ratio,
        unreadable=len(reasons),
        probed=len(facts) + len(reasons),
    )
    sizes = [known.size_bytes for known in facts.values()]
    labels = collections.Counter(entry.label for entry in dataset.entries)
    return HealthReport(
        data_root=dataset.data_root,
        folders=dataset.folders,
        ignored_folders=dataset.ignored_folders,
        videos=len(dataset.entries),
        labels={label: labels[label] for label in LABELS},
        group_by=group_by,
        groups=len({group_id(entry, group_by) for entry in dataset.entries}),
        ratios=ratios,
        splits=splits,
        usable=usable_counts,
        missing=dataset.missing,
        unlisted=dataset.unlisted,
        probed=len(facts) + len(reasons),
        unreadable={reason: tuple(uris) for reason, uris in unreadable.items()},
        duplicates=tuple(duplicates),
        total_bytes=sum(sizes),
        size_bytes=_spread(sizes),
        duration_s=_spread(known.duration_s for known in facts.values()),
        fps=_spread(known.fps for known in facts.values()),
        resolutions=_frequencies(f"{known.width}x{known.height}" for known in facts.values()),
        codecs=_frequencies(known.codec for known in facts.values()),
        problems=tuple(problems),
        warnings=tuple(find_warnings(dataset, duplicates, usable_counts, ratios, group_by)),
    )


def preflight(dataset: Dataset, ratios: SplitRatios, group_by: str, max_quarantine_ratio: float) -> None:
    """Finds quickly, before any node starts, what would make a run fail.

    Videos in a bucket are not opened, since they would have to be downloaded.

    Raises:
        UserError: if too many videos are missing, a split lacks a class, or none of 50 videos can be opened.
    """
    if line := too_many_lost(dataset, max_quarantine_ratio):
        raise UserError(f"{line}; see {check_command(dataset)}")
    require_both_classes(dataset.present, ratios, group_by)
    if is_remote(dataset.data_root):
        return
    reasons: collections.Counter[str] = collections.Counter()
    tried = evenly_chosen(dataset.present, _PREFLIGHT_VIDEOS)
    with contextlib.closing(IsolatedDecoder()) as decoder:
        for entry in tried:
            try:
                probe_video(dataset.data_root, entry.uri, decoder)
            except VideoError as error:
                reasons[error.reason.value] += 1
            else:
                return
    raise UserError(
        f"{dataset.data_root}: none of the {len(tried)} videos tried can be opened: {reasons.most_common(1)[0][0]}; "
        f"see {check_command(dataset)}"
    )


def evenly_chosen(items: Sequence[_Item], limit: int | None) -> list[_Item]:
    """Returns at most `limit` of the items, evenly spaced; all if None."""
    count = len(items) if limit is None else min(limit, len(items))
    return [items[index * len(items) // count] for index in range(count)]


def _probe_all(
    data_root: str, entries: Sequence[VideoEntry], progress: Callable[[int, int], None]
) -> tuple[dict[str, VideoFacts], dict[str, Reason]]:
    processes = min(os.cpu_count() or 1, 1 + len(entries) // _VIDEOS_A_PROCESS)
    decoders = [IsolatedDecoder() for _ in range(processes)]

    def probe(entry: VideoEntry, decoder: IsolatedDecoder) -> VideoFacts | Reason:
        try:
            return probe_video(data_root, entry.uri, decoder)
        except VideoError as error:
            return error.reason

    facts, reasons = {}, {}
    # Threads suffice: hashing releases the GIL.
    executor = concurrent.futures.ThreadPoolExecutor(_PROBE_THREADS)
    try:
        outcomes = executor.map(probe, entries, itertools.cycle(decoders))
        for done, (entry, outcome) in enumerate(zip(entries, outcomes, strict=True), 1):
            if isinstance(outcome, VideoFacts):
                facts[entry.uri] = outcome
            else:
                reasons[entry.uri] = outcome
            progress(done, len(entries))
    finally:
        executor.shutdown(cancel_futures=True)
        for decoder in decoders:
            decoder.close()
    return facts, reasons


def _spread(values: Iterable[float]) -> Spread | None:
    known = [value for value in values if value > 0]
    return Spread(min(known), statistics.median(known), max(known)) if known else None


def _frequencies(values: Iterable[str]) -> dict[str, int]:
    return dict(collections.Counter(values).most_common())
