"""The shortcut audit: whether container metadata alone, without the frames, predicts the label."""

from collections.abc import Sequence

import numpy as np
import scipy.stats
from sklearn.base import ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from components import features
from components.auditor.finding import Audit, Measurement
from components.auditor.measuring import measure
from components.auditor.videos import CONTAINER_FACTS, Videos

# An AUC within this of the model's counts as just as good.
_CLOSE = 0.1


def audit_shortcut(videos: Videos, folds: Sequence[np.ndarray], seed: int) -> Audit:
    """Predicts labels from container facts with grouped folds, and compares with the model on the test split."""
    facts = container_facts(videos)
    tested = videos.of_split("test")
    model = measure(
        "auc of the model, test split",
        "auc",
        videos.labels[tested],
        videos.scores.ranks[tested],
        videos.groups[tested],
    )
    measurements = [model]
    for name, classifier in _classifiers(seed).items():
        scores = np.empty(len(videos.ids))
        for fold in folds:
            others = np.setdiff1d(np.arange(len(videos.ids)), fold)
            fitted = classifier.fit(facts[others], videos.labels[others])
            # Ranked within each fold, as the scores of separate fits are on different scales.
            scores[fold] = scipy.stats.rankdata(fitted.predict_proba(facts[fold])[:, 1]) / len(fold)
        measurements.append(measure(f"auc of {name} on container facts", "auc", videos.labels, scores, videos.groups))
    return Audit(
        name="shortcut",
        headline="size, length, frame rate, codec, resolution and bit rate alone give "
        + " and ".join(f"AUC {measurement.in_words()}" for measurement in measurements[1:]),
        measurements=measurements,
        warning=_warning(model, measurements[1:]),
    )


def container_facts(videos: Videos) -> np.ndarray:
    """Returns float64 [N, F]: the facts, the bit rate, and one column per codec; NaN where unknown."""
    numbers = [name for name in CONTAINER_FACTS if name != features.CODEC]
    columns = np.asarray(
        [[np.nan if row[name] is None else row[name] for name in numbers] for row in videos.facts], np.float64
    )
    size, duration = columns[:, numbers.index(features.SIZE_BYTES)], columns[:, numbers.index(features.DURATION_S)]
    bit_rate = size / np.where(duration > 0, duration, np.nan)
    codecs = np.asarray([str(row[features.CODEC]) for row in videos.facts])
    one_hot = codecs[:, None] == np.unique(codecs)[None]
    return np.column_stack([columns, bit_rate, one_hot])


def _classifiers(seed: int) -> dict[str, ClassifierMixin]:
    return {
        "logistic regression": make_pipeline(
            SimpleImputer(keep_empty_features=True), StandardScaler(), LogisticRegression()
        ),
        "gradient boosting": HistGradientBoostingClassifier(max_iter=50, random_state=seed),
    }


def _warning(model: Measurement, shortcuts: Sequence[Measurement]) -> str | None:
    best = max(shortcuts, key=lambda measurement: measurement.value or 0)
    if best.value is None or model.value is None or best.low is None or best.low <= 0.5:
        return None
    if best.value < model.value - _CLOSE:
        return f"{best.name.removeprefix('auc of ')} tell part of the label; look at how real and fake files were made"
    return f"{best.name.removeprefix('auc of ')} do as well as the model; it may have learnt how the files were made"
