"""Messages about a data set: problems that make a run fail, and warnings that do not."""

import posixpath
import shlex
from collections.abc import Iterator, Mapping, Sequence

from components import features
from components.dataset.duplicates import DuplicateVideos
from components.dataset.entries import LABELS, VideoEntry, show
from components.dataset.metadata import Dataset
from components.dataset.splits import SplitRatios, assign_split, group_id, require_both_classes
from components.errors import UserError
from components.file_names import find_alike

_FEW_VIDEOS = 10
# Of a class in the test split: with fewer, an interval covers a third of the scale and more.
_FEW_TESTED = 30
_STRONG_IMBALANCE = 10
_FOLDS, _LEAST_FOLDS = 5, 3


def find_problems(
    dataset: Dataset,
    usable: Sequence[VideoEntry],
    ratios: SplitRatios,
    group_by: str,
    max_quarantine_ratio: float,
    *,
    unreadable: int,
    probed: int,
) -> Iterator[str]:
    """Yields one line for each reason why a run would fail.

    Args:
        dataset: the data set.
        usable: the entries whose video exists and is not known to be unreadable.
        ratios: proportions of the splits.
        group_by: what keeps videos together.
        max_quarantine_ratio: fraction of the videos that a run may lose.
        unreadable: number of videos that could not be opened.
        probed: number of videos that were tried.
    """
    if line := too_many_lost(dataset, max_quarantine_ratio, unreadable, probed):
        yield f"{line}; put them right, or take them out of metadata.json, or raise data.max_quarantine_ratio"
    if usable:
        try:
            require_both_classes(usable, ratios, group_by)
        except UserError as error:
            yield str(error)


def too_many_lost(dataset: Dataset, max_quarantine_ratio: float, unreadable: int = 0, probed: int = 0) -> str | None:
    """Returns the message for a data set that would lose too many videos to quarantine; None if it would not.

    If only some videos were probed, the others are assumed to be readable in the same proportion.
    """
    total, missing = len(dataset.entries), len(dataset.missing)
    lost = missing + (unreadable * (total - missing) / probed if probed else 0)
    if lost <= max_quarantine_ratio * total and lost < total:
        return None
    counts = []
    if missing:
        counts.append(f"{missing} of {total} videos are missing ({_first_names(dataset.missing, 2)})")
    if unreadable:
        counts.append(f"{unreadable} of {probed} videos tried cannot be opened")
    return (
        f"{dataset.data_root}: {' and '.join(counts)}: {lost / total:.0%} lost, data.max_quarantine_ratio="
        f"{max_quarantine_ratio:g} allows {max_quarantine_ratio:.0%}"
    )


def check_command(dataset: Dataset) -> str:
    """Returns the command that shows everything known about a data set."""
    return f"deepfake check {shlex.quote(dataset.data_root)}"


def find_warnings(
    dataset: Dataset,
    duplicates: Sequence[DuplicateVideos],
    usable: Mapping[str, Mapping[str, int]],
    ratios: SplitRatios,
    group_by: str,
) -> Iterator[str]:
    """Yields one line for each thing that does not stop a run but that the user should know.

    Args:
        dataset: the data set.
        duplicates: videos of equal content.
        usable: number of usable videos by split and label.
        ratios: proportions of the splits.
        group_by: what keeps videos together.
    """
    if names := dataset.unlisted:
        yield f"{_count(len(names), 'video')} not listed in metadata.json and so not used: {_first_names(names, 2)}"
    if names := dataset.ignored_folders:
        yield f"{_count(len(names), 'folder')} without metadata.json and so not read: {_first_names(names, 3)}"
    if across := [same.uris for same in duplicates if len(same.splits) > 1]:
        where = f"{_count(len(across), 'time')}, first {_first_names(across[0], 3)}"
        yield f"leak: the same video in different splits, {where}; keep one of each"
    if contrary := [same.uris for same in duplicates if len(same.labels) > 1]:
        where = f"{_count(len(contrary), 'time')}, first {_first_names(contrary[0], 3)}"
        yield f"the same video with different labels, {where}; correct metadata.json"
    if parted := _parted_from_original(dataset.entries, ratios, group_by):
        where = f"{_count(len(parted), 'time')}, first {_first_names(parted, 1)}"
        yield f"leak: a video in another split than its original, {where}; choose another split.group_by"
    yield from _balance(usable)
    yield from _cross_validation(dataset.present, usable, group_by)


def _parted_from_original(entries: Sequence[VideoEntry], ratios: SplitRatios, group_by: str) -> list[str]:
    splits = {entry.uri: assign_split(group_id(entry, group_by), ratios) for entry in entries}
    originals = {entry.uri: posixpath.join(entry.folder, entry.original) for entry in entries if entry.original}
    found = find_alike(originals.values(), splits)
    parted = []
    for entry in entries:
        original = found.get(originals.get(entry.uri, ""))
        if original and splits[original] != splits[entry.uri]:
            parted.append(entry.uri)
    return parted


def _balance(usable: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    totals = {label: sum(by_label[label] for by_label in usable.values()) for label in LABELS}
    rare, frequent = sorted(LABELS, key=lambda label: totals[label])
    if totals[rare] and totals[frequent] > _STRONG_IMBALANCE * totals[rare]:
        yield f"{totals[frequent]} {frequent} to {totals[rare]} {rare}: always saying {frequent} looks good; see AUC"
    few = [
        f"{split} {usable[split][label]} {label}"
        for split in features.SPLITS[1:]
        for label in LABELS
        if 0 < usable[split][label] < _FEW_VIDEOS
    ]
    if few:
        yield f"few videos to judge a model by, so coarse metrics: {', '.join(few)}"


def _cross_validation(
    entries: Sequence[VideoEntry], usable: Mapping[str, Mapping[str, int]], group_by: str
) -> Iterator[str]:
    few = [f"{usable['test'][label]} {label}" for label in LABELS if usable["test"][label] < _FEW_TESTED]
    if not few:
        return
    groups = {label: len({group_id(entry, group_by) for entry in entries if entry.label == label}) for label in LABELS}
    folds = min(_FOLDS, *groups.values())
    if folds < _LEAST_FOLDS:
        return
    totals = " and ".join(f"{sum(split[label] for split in usable.values())} {label}" for label in LABELS)
    yield (
        f"{' and '.join(few)} to test on are too few for narrow intervals; --set evaluator.cross_validation={folds} "
        f"measures on all {totals}, at the cost of {folds} more trainings"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + "s" * (number != 1)


def _first_names(names: Sequence[str], count: int) -> str:
    return ", ".join(map(show, names[:count])) + (", ..." if len(names) > count else "")
