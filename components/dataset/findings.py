"""Messages about a data set: problems that make a run fail, and warnings that do not."""

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from components import features
from components.dataset.duplicates import DuplicateVideos
from components.dataset.entries import LABELS, show
from components.dataset.metadata import METADATA_FILE
from components.dataset.sources import Dataset
from components.dataset.split_plan import SplitPlan
from components.dataset.splitting.columns import LABEL_NAMES
from components.dataset.splitting.messages import joined_line, placement_lines
from components.dataset.splitting.placing import count_by_label
from components.dataset.splitting.rules import SplitRules
from components.errors import UserError

_FEW_VIDEOS = 10
# Of a class in the test split: with fewer, an interval covers a third of the scale and more.
_FEW_TESTED = 30
_STRONG_IMBALANCE = 10
_FOLDS, _LEAST_FOLDS = 5, 3


def find_problems(
    dataset: Dataset, max_quarantine_ratio: float, *, unreadable: int, probed: int, lacking: Callable[[], None]
) -> Iterator[str]:
    """Yields one line for each reason why a run would fail.

    Args:
        dataset: the data set.
        max_quarantine_ratio: fraction of the videos that a run may lose.
        unreadable: number of videos that could not be opened.
        probed: number of videos that were tried.
        lacking: raises a UserError if a split lacks a class.
    """
    if line := too_many_lost(dataset, max_quarantine_ratio, unreadable, probed):
        where = dataset.source.listed_in
        yield f"{line}; put them right, or take them out of {where}, or raise data.max_quarantine_ratio"
    if unreadable < int(dataset.is_there.sum()):
        try:
            lacking()
        except UserError as error:
            yield str(error)


def too_many_lost(dataset: Dataset, max_quarantine_ratio: float, unreadable: int = 0, probed: int = 0) -> str | None:
    """Returns the message for a data set that would lose too many videos to quarantine; None if it would not.

    If only some videos were probed, the others are assumed to be readable in the same proportion.
    """
    total = len(dataset)
    missing = total - int(dataset.is_there.sum())
    lost = missing + (unreadable * (total - missing) / probed if probed else 0)
    if lost <= max_quarantine_ratio * total and lost < total:
        return None
    counts = []
    if missing:
        counts.append(f"{missing} of {total} videos are missing ({_first_names(dataset.uris(dataset.missing[:3]), 2)})")
    if unreadable:
        counts.append(f"{unreadable} of {probed} videos tried cannot be opened")
    return (
        f"{dataset.data_root}: {' and '.join(counts)}: {lost / total:.0%} lost, data.max_quarantine_ratio="
        f"{max_quarantine_ratio:g} allows {max_quarantine_ratio:.0%}"
    )


def check_command(dataset: Dataset) -> str:
    """Returns the command that shows everything known about a data set."""
    command = ["deepfake", "check", dataset.data_root]
    if dataset.source.listed_in != METADATA_FILE:
        command += ["--set", f"data.manifest={dataset.source.listed_in}"]
    return shlex.join(command)


def find_warnings(
    dataset: Dataset,
    plan: SplitPlan,
    rules: SplitRules,
    duplicates: Sequence[DuplicateVideos],
    usable: np.ndarray,
    counts: Mapping[str, Mapping[str, int]],
) -> Iterator[str]:
    """Yields one line for each thing that does not stop a run but that the user should know.

    Args:
        dataset: the data set.
        plan: its groups and splits.
        rules: by which it is split.
        duplicates: videos of equal content.
        usable: bool [n], whether a run can use the video.
        counts: number of usable videos by split and label.
    """
    listed_in = dataset.source.listed_in
    if names := dataset.unlisted:
        yield f"{_count(len(names), 'video')} not listed in {listed_in} and so not used: {_first_names(names, 2)}"
    if names := dataset.source.ignored_folders:
        yield f"{_count(len(names), 'folder')} without {METADATA_FILE} and so not read: {_first_names(names, 3)}"
    if line := joined_line(dataset.videos, plan.equal):
        yield line
    if contrary := [same.uris for same in duplicates if len(same.labels) > 1]:
        where = f"{_count(len(contrary), 'time')}, first {_first_names(contrary[0], 2)}"
        yield f"the same video with different labels, correct {listed_in}, {where}"
    yield from placement_lines(dataset.videos, plan.groups, plan.placement, rules)
    yield from _balance(counts)
    yield from _cross_validation(dataset, plan, usable, counts)


def _balance(counts: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    totals = {label: sum(by_label[label] for by_label in counts.values()) for label in LABELS}
    rare, frequent = sorted(LABELS, key=lambda label: totals[label])
    if totals[rare] and totals[frequent] > _STRONG_IMBALANCE * totals[rare]:
        yield f"{totals[frequent]} {frequent} to {totals[rare]} {rare}: always saying {frequent} looks good; see AUC"
    few = [
        f"{split} {counts[split][label]} {label}"
        for split in features.SPLITS[1:]
        for label in LABELS
        if 0 < counts[split][label] < _FEW_VIDEOS
    ]
    if few:
        yield f"few videos to judge a model by, so coarse metrics: {', '.join(few)}"


def _cross_validation(
    dataset: Dataset, plan: SplitPlan, usable: np.ndarray, counts: Mapping[str, Mapping[str, int]]
) -> Iterator[str]:
    few = [f"{counts['test'][label]} {label}" for label in LABELS if counts["test"][label] < _FEW_TESTED]
    if not few:
        return
    holding = count_by_label(plan.groups.of_video[usable], dataset.videos.label[usable], len(plan.groups)) > 0
    groups = dict(zip(LABEL_NAMES, holding.sum(axis=0).tolist(), strict=True))
    folds = min(_FOLDS, *groups.values())
    if folds < _LEAST_FOLDS:
        return
    totals = " and ".join(f"{sum(split[label] for split in counts.values())} {label}" for label in LABELS)
    yield (
        f"{' and '.join(few)} to test on are too few for narrow intervals; --set evaluator.cross_validation={folds} "
        f"measures on all {totals}, at the cost of {folds} more trainings"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + "s" * (number != 1)


def _first_names(names: Sequence[str], count: int) -> str:
    return ", ".join(map(show, names[:count])) + (", ..." if len(names) > count else "")
