"""Metrics of labelled videos, with those that the model was trained on and without them."""

import dataclasses
import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from components.features import FAKE, REAL
from components.metrics.bootstrap import Estimate, estimate_all
from components.metrics.decision_rule import DecisionRule
from components.metrics.video_metrics import is_fake, measure


@dataclasses.dataclass(frozen=True)
class Truth:
    """A label, and the group of videos that are not independent: a real one and its fakes.

    `related` is False if nothing tells the group, which is then the video's own name.
    """

    label: str
    group: str
    related: bool = True


class LabelledScore(NamedTuple):
    """The probability of a labelled video, and whether the model was trained on it."""

    truth: Truth
    probability: float
    known: bool = False


@dataclasses.dataclass(frozen=True)
class Figures:
    """Log loss and AUC of labelled videos, with intervals.

    Attributes:
        metrics: of the videos that the model was not trained on; None if these are too few, as `refused` says.
        videos: their number, by label.
        groups: the number of their groups.
        left_out: how many labelled videos could not be scored.
        known: how many are left out because the model was trained on them.
        with_known: the metrics with them; None if there are none, or nothing to compare with.
        refused: why there are no metrics; empty if there are.
    """

    metrics: dict[str, Estimate] | None
    videos: dict[str, int]
    groups: int
    left_out: int
    known: int = 0
    with_known: dict[str, Estimate] | None = None
    refused: str = ""


def labelled_figures(scored: Sequence[LabelledScore], left_out: int, decision_rule: DecisionRule) -> Figures | None:
    """Measures labelled videos; returns None if there are fewer than two, of which metrics would be meaningless.

    Args:
        scored: the videos that have a probability.
        left_out: the number of labelled videos that have none.
        decision_rule: of the model.
    """
    if len(scored) < 2:
        return None
    unknown = [each for each in scored if not each.known]
    known = len(scored) - len(unknown)
    fakes = int(is_fake([each.truth.label for each in unknown]).sum())
    counted = Figures(
        metrics=None,
        videos={FAKE: fakes, REAL: len(unknown) - fakes},
        groups=len({each.truth.group for each in unknown}),
        left_out=left_out,
        known=known,
    )
    if known and not 0 < fakes < len(unknown):
        rest = "those left are of one class" if unknown else "none is left"
        refused = f"the model was trained on {known:,} of {len(scored):,} labelled videos, and {rest}"
        return dataclasses.replace(counted, refused=refused)
    with_known = _measure(scored, decision_rule) if known else None
    return dataclasses.replace(counted, metrics=_measure(unknown, decision_rule), with_known=with_known)


def _measure(scored: Sequence[LabelledScore], decision_rule: DecisionRule) -> dict[str, Estimate]:
    labels = is_fake([each.truth.label for each in scored])
    groups = np.asarray([each.truth.group for each in scored])
    probabilities = np.asarray([each.probability for each in scored])
    measured = functools.partial(measure, labels, probabilities, decision_rule=decision_rule)
    estimates = estimate_all(measured, groups)
    return {name: estimates[name] for name in ("log_loss", "auc")}
