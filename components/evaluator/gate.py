"""The gate: checks a model against its bounds, rule by rule."""

import dataclasses
import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from components.evaluator.bounds import Bound
from components.evaluator.comparison import ScoredModel, changes, is_comparable
from components.evaluator.slices import Slice, find_slices
from components.features import FAKE, REAL
from components.metrics.bootstrap import Estimate
from components.metrics.names import LOWER_IS_BETTER
from components.metrics.video_metrics import is_fake

TEST: Final = "test"
_ENDS: Final = {"low": "lower", "high": "upper"}


@dataclasses.dataclass(frozen=True)
class Rule:
    """One rule and its outcome.

    Attributes:
        metric: the bounded metric.
        slice: `column=value`, or None for all videos.
        rule: `min`, `max` or `worse_by`.
        on: `value`, or the end of the interval, `low` or `high`.
        value: compared with `bound`, for `worse_by` a difference from the baseline; None where there is none.
        bound: the limit for `value`.
        passed: whether `value` met it, or did not need to be judged.
        message: one line for people.
        split: what `value` was measured on: `test`, or `cross_validation`.
    """

    metric: str
    slice: str | None
    rule: str
    on: str
    value: float | None
    bound: float
    passed: bool
    message: str
    split: str = TEST


def check_bounds(
    candidate: ScoredModel,
    baseline: ScoredModel | None,
    summary: Mapping[str, Any],
    bounds: Mapping[str, Bound],
    slice_bounds: Mapping[str, Mapping[str, Bound]],
) -> list[Rule]:
    """Checks a model against its bounds; it is blessed if all rules pass.

    A change is measured on the same videos, and its interval is that of the paired difference: both models are
    measured on the same resampled groups. Videos that the baseline was trained on are left out; if none is left, or
    one class, the rule fails. Without a baseline such a rule passes, as do rules on slices with too few videos.

    Args:
        candidate: the model, with videos that it was not trained on.
        baseline: which it must not be worse than, at its own threshold, with the same videos in the same order.
        summary: of the candidate, from `summarize`.
        bounds: for all videos.
        slice_bounds: for slices.

    Raises:
        ValueError: if the models have not scored the same videos in the same order.
    """
    if baseline and [each.video_id for each in baseline.predictions] != [
        each.video_id for each in candidate.predictions
    ]:
        raise ValueError("candidate and baseline must have judged the same videos in the same order")
    labels = is_fake([prediction.label for prediction in candidate.predictions])
    everything = np.ones(len(labels), bool)
    at_least = summary["min_slice_videos"]
    rules = list(_rules(None, summary["metrics"], everything, candidate, baseline, bounds, at_least))
    facts = [prediction.facts for prediction in candidate.predictions]
    slices = find_slices(facts, labels)
    measured = {f"{part['column']}={part['value']}": part for part in summary["slices"]}
    for name, those in slice_bounds.items():
        meant = [part for part in slices if name in (part.column, part.name)]
        if not meant:
            rules += _without_slice(name, those, slices, {column for known in facts for column in known})
        for part in meant:
            numbers = measured[part.name]
            if numbers["judged"]:
                rules += _rules(part.name, numbers["metrics"], part.members, candidate, baseline, those, at_least)
            else:
                videos = numbers["videos"]
                reason = (
                    f"{videos[FAKE]} fake and {videos[REAL]} real videos are too few to be judged, "
                    f"{at_least} of each are needed"
                )
                rules += _not_judged(part.name, those, reason, passed=True)
    return rules


def _rules(
    name: str | None,
    numbers: Mapping[str, Mapping[str, float | None]],
    members: np.ndarray,
    candidate: ScoredModel,
    baseline: ScoredModel | None,
    bounds: Mapping[str, Bound],
    min_slice_videos: int,
) -> Iterator[Rule]:
    change = functools.cache(functools.partial(_change, name, members, candidate, baseline, min_slice_videos))
    for metric, bound in bounds.items():
        found = Estimate(**{end: np.nan if number is None else number for end, number in numbers[metric].items()})
        for rule, limit in _limits(metric, bound).items():
            if rule != "worse_by":
                yield _compared(metric, name, rule, bound, limit, found, at_least=rule == "min")
                continue
            changed = change()
            if changed.by is None:
                message = f"{_of(name)}{metric}: {changed.message}"
                yield Rule(metric, name, rule, "value", None, limit, changed.passed, message)
            else:
                at_least = metric not in LOWER_IS_BETTER
                by = changed.by[metric]
                yield _compared(metric, name, rule, bound, limit, by, at_least=at_least, compared_on=changed.message)


@dataclasses.dataclass(frozen=True)
class _Change:
    """How much the metrics differ from the baseline's, and on which videos; without `by`, why that is not told."""

    by: Mapping[str, Estimate] | None
    message: str
    passed: bool = True


def _change(
    name: str | None,
    members: np.ndarray,
    candidate: ScoredModel,
    baseline: ScoredModel | None,
    min_slice_videos: int,
) -> _Change:
    """Compares on the members that the baseline was not trained on; the candidate was on none."""
    if baseline is None:
        return _Change(None, "there is no baseline to be worse than")
    known = int(np.count_nonzero(members & baseline.trained_on))
    if not known:
        return _Change(changes(candidate, baseline, members), "")
    left = members & ~baseline.trained_on
    told = f"the baseline was trained on {known:,} of the {np.count_nonzero(members):,} videos"
    if not is_comparable(candidate, left):
        # A comparison of nothing must not pass.
        rest = "those left are of one class" if left.any() else "none is left"
        return _Change(None, f"{told}, {rest} to compare on; add test videos, or name another baseline", passed=False)
    labels = is_fake([prediction.label for prediction in candidate.predictions])
    if name and np.bincount(labels[left]).min() < min_slice_videos:
        return _Change(None, f"not judged, {told}, and those left are too few")
    return _Change(changes(candidate, baseline, left), f" on {np.count_nonzero(left):,} videos, as {told}")


def _limits(metric: str, bound: Bound) -> dict[str, float]:
    """Returns the limits of a bound by rule; for `worse_by`, the allowed signed change."""
    worse_by = bound.worse_by
    if worse_by is not None and metric not in LOWER_IS_BETTER:
        # Avoids -0.0.
        worse_by = 0.0 - worse_by
    limits = {"min": bound.min, "max": bound.max, "worse_by": worse_by}
    return {rule: limit for rule, limit in limits.items() if limit is not None}


def _compared(
    metric: str,
    name: str | None,
    rule: str,
    bound: Bound,
    limit: float,
    found: Estimate,
    *,
    at_least: bool,
    compared_on: str = "",
) -> Rule:
    on = "value" if bound.on == "value" else "low" if at_least else "high"
    # The worse of the two, since a percentile interval over few groups may exclude the value.
    value = (np.minimum if at_least else np.maximum)(found.value, getattr(found, on))
    # NaN meets no bound.
    passed = bool(value >= limit if at_least else value <= limit)
    form = "+.3f" if rule == "worse_by" else ".3f"
    told = format(found.value, form) if not np.isnan(found.value) else "undefined"
    if on != "value" and not np.isnan(value):
        told += f" ({found.low:{form}} to {found.high:{form}})"
    change = f"{metric} changed by {told} against the baseline{compared_on}"
    message = change if rule == "worse_by" else f"{metric} is {told}"
    subject = f"the {_ENDS[on]} end must be" if on in _ENDS else "must be"
    limits = f"{limit:+.3g}" if rule == "worse_by" else f"{limit:g}"
    message = f"{_of(name)}{message}, {subject} {'at least' if at_least else 'at most'} {limits}"
    return Rule(metric, name, rule, on, None if np.isnan(value) else float(value), limit, passed, message)


def _without_slice(
    name: str, bounds: Mapping[str, Bound], slices: Sequence[Slice], columns: set[str]
) -> Iterator[Rule]:
    column = name.partition("=")[0]
    if column not in columns:
        # A bound that checks nothing must not pass.
        reason = f"the test split has no column {column}; it has {', '.join(sorted(columns))}"
        yield from _not_judged(name, bounds, reason, passed=False)
        return
    values = ", ".join(part.value for part in slices if part.column == column)
    reason = f"the slices of {column} are {values}" if values else f"the values of {column} are no slices"
    yield from _not_judged(name, bounds, reason, passed=True)


def _not_judged(name: str, bounds: Mapping[str, Bound], reason: str, *, passed: bool) -> Iterator[Rule]:
    for metric, bound in bounds.items():
        for rule, limit in _limits(metric, bound).items():
            message = f"{name}: {metric} is not judged, {reason}"
            yield Rule(metric, name, rule, "value", None, limit, passed, message)


def _of(name: str | None) -> str:
    return f"{name}: " if name else ""
