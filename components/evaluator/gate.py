"""The gate: checks a model against its bounds, rule by rule."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from components.evaluator.bounds import Bound
from components.evaluator.scored_video import ScoredVideo
from components.evaluator.slices import Slice, find_slices
from components.features import FAKE, REAL
from components.metrics.bootstrap import Estimate, estimate_all
from components.metrics.decision_rules import AnyDecisionRule
from components.metrics.names import LOWER_IS_BETTER
from components.metrics.video_metrics import is_fake, measure

TEST: Final = "test"
_ENDS: Final = {"low": "lower", "high": "upper"}


@dataclasses.dataclass(frozen=True)
class ScoredModel:
    """A model's predictions for the split, and its decision rule."""

    predictions: Sequence[ScoredVideo]
    decision_rule: AnyDecisionRule


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
    measured on the same resampled groups. Without a baseline such a rule passes, as do rules on slices with too few
    videos.

    Args:
        candidate: the model.
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
    rules = list(_rules(None, summary["metrics"], everything, candidate, baseline, bounds))
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
                rules += _rules(part.name, numbers["metrics"], part.members, candidate, baseline, those)
            else:
                videos = numbers["videos"]
                reason = (
                    f"{videos[FAKE]} fake and {videos[REAL]} real videos are too few to be judged, "
                    f"{summary['min_slice_videos']} of each are needed"
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
) -> Iterator[Rule]:
    changes = {}
    if baseline and any(bound.worse_by is not None for bound in bounds.values()):
        changes = _changes(candidate, baseline, members)
    for metric, bound in bounds.items():
        found = Estimate(**{end: np.nan if number is None else number for end, number in numbers[metric].items()})
        for rule, limit in _limits(metric, bound).items():
            if rule != "worse_by":
                yield _compared(metric, name, rule, bound, limit, found, at_least=rule == "min")
            elif baseline:
                at_least = metric not in LOWER_IS_BETTER
                yield _compared(metric, name, rule, bound, limit, changes[metric], at_least=at_least)
            else:
                message = f"{_of(name)}{metric}: there is no baseline to be worse than"
                yield Rule(metric, name, rule, "value", None, limit, passed=True, message=message)


def _limits(metric: str, bound: Bound) -> dict[str, float]:
    """Returns the limits of a bound by rule; for `worse_by`, the allowed signed change."""
    worse_by = bound.worse_by
    if worse_by is not None and metric not in LOWER_IS_BETTER:
        # Avoids -0.0.
        worse_by = 0.0 - worse_by
    limits = {"min": bound.min, "max": bound.max, "worse_by": worse_by}
    return {rule: limit for rule, limit in limits.items() if limit is not None}


def _changes(candidate: ScoredModel, baseline: ScoredModel, members: np.ndarray) -> dict[str, Estimate]:
    labels = is_fake([prediction.label for prediction in candidate.predictions])[members]
    groups = np.asarray([prediction.group_id for prediction in candidate.predictions])[members]
    first, second = (
        np.asarray([prediction.probability_fake for prediction in model.predictions])[members]
        for model in (candidate, baseline)
    )

    def difference(weights: np.ndarray) -> dict[str, np.ndarray]:
        ours = measure(labels, first, weights, candidate.decision_rule.of(members))
        theirs = measure(labels, second, weights, baseline.decision_rule.of(members))
        return {metric: ours[metric] - theirs[metric] for metric in ours}

    return estimate_all(difference, groups)


def _compared(
    metric: str, name: str | None, rule: str, bound: Bound, limit: float, found: Estimate, *, at_least: bool
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
    message = f"{metric} changed by {told} against the baseline" if rule == "worse_by" else f"{metric} is {told}"
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
