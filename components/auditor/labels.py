"""The label audit: a model must not learn from shuffled labels, and labels that the model contradicts may be wrong."""

from typing import Final

import numpy as np

from components import features
from components.auditor.finding import Audit
from components.auditor.measuring import measure
from components.auditor.retraining import Retraining
from components.auditor.videos import Videos
from components.metrics.scores import Scores

SHUFFLES: Final = 5
CONTRADICTED: Final = 10


def audit_labels(videos: Videos, retraining: Retraining, grouped: Scores) -> Audit:
    """Trains on shuffled labels, tests on the true labels of the test split, and lists labels to review.

    Without augmentation, since the labels of pseudo-fakes are true.

    Args:
        videos: all of them.
        retraining: of the run's model.
        grouped: out-of-fold scores [N] with grouped folds and the true labels.
    """
    train, evaluation, tested = (videos.of_split(split) for split in features.SPLITS)
    measurements = []
    for turn in range(SHUFFLES):
        generator = np.random.default_rng((retraining.recipe.seed, turn))
        labels = videos.labels.copy()
        for split in (train, evaluation):
            labels[split] = generator.permutation(labels[split])
        scores = retraining.score(videos, labels, train=train, evaluation=evaluation, tested=tested, augmented=False)
        measurements.append(
            measure(f"auc, shuffle {turn + 1}", "auc", videos.labels[tested], scores.ranks, videos.groups[tested])
        )
    warning = None
    # A single shuffle may deviate from 0.5 in either direction by chance.
    if all(measurement.low is not None and measurement.low > 0.5 for measurement in measurements):
        warning = "labels that mean nothing taught something: train and test share what they must not"
    values = ", ".join(
        "undefined" if measurement.value is None else f"{measurement.value:.3f}" for measurement in measurements
    )
    return Audit(
        name="label",
        headline=f"trained on shuffled labels the model has AUC {values} on the test split",
        measurements=measurements,
        warning=warning,
        rows=_contradicted(videos, grouped.probabilities),
    )


def _contradicted(videos: Videos, probabilities: np.ndarray) -> list[dict[str, object]]:
    doubt = np.abs(videos.labels - probabilities)
    return [
        {
            "video_id": str(videos.ids[index]),
            "label": features.FAKE if videos.labels[index] else features.REAL,
            "probability_fake": round(float(probabilities[index]), 4),
            "split": str(videos.splits[index]),
        }
        for index in np.argsort(-doubt, kind="stable")[:CONTRADICTED]
        if doubt[index] > 0.5
    ]
