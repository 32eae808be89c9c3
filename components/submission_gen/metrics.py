"""Metrics of labelled videos."""

import dataclasses
import functools
from collections.abc import Sequence

import numpy as np

from components.features import FAKE, REAL
from components.metrics.bootstrap import Estimate, estimate_all
from components.metrics.decision_rule import DecisionRule
from components.metrics.video_metrics import is_fake, measure


@dataclasses.dataclass(frozen=True)
class Truth:
    """A label, and the group of videos that are not independent: a real one and its fakes."""

    label: str
    group: str


def labelled_metrics(
    videos: Sequence[tuple[Truth, float]], decision_rule: DecisionRule
) -> tuple[dict[str, Estimate], dict[str, int], int]:
    """Returns log loss and AUC with intervals, the counts by label, and the number of groups.

    Args:
        videos: the truth about each, and its probability of FAKE.
        decision_rule: of the model.
    """
    labels = is_fake([truth.label for truth, _ in videos])
    groups = np.asarray([truth.group for truth, _ in videos])
    probabilities = np.asarray([probability for _, probability in videos])
    measured = functools.partial(measure, labels, probabilities, decision_rule=decision_rule)
    estimates = estimate_all(measured, groups)
    fakes = int(labels.sum())
    return (
        {name: estimates[name] for name in ("log_loss", "auc")},
        {FAKE: fakes, REAL: len(labels) - fakes},
        len(np.unique(groups)),
    )
