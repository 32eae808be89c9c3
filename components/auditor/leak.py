"""The leak audit: how much better a model looks if tested on videos related to its training videos."""

from components.auditor.finding import Audit, Measurement
from components.auditor.measuring import COMPARED_METRICS, compare
from components.auditor.videos import Videos
from components.metrics.scores import Scores


def audit_leak(videos: Videos, grouped: Scores, random: Scores) -> Audit:
    """Compares the same model with grouped folds, which keep a fake with its original, and with random folds.

    Args:
        videos: all of them.
        grouped: out-of-fold scores [N] with grouped folds.
        random: out-of-fold scores [N] with random folds.
    """
    measurements = [
        measurement
        for metric in COMPARED_METRICS
        for measurement in compare(
            metric, videos.labels, videos.groups, ("grouped folds", grouped), ("random folds", random)
        )
    ]
    inflation = measurements[2]
    headline = f"a random split would change the AUC by {inflation.in_words('+.3f')}"
    return Audit("leak", headline, measurements, _warning(inflation))


def _warning(inflation: Measurement) -> str | None:
    if inflation.low is not None and inflation.low > 0:
        return "figures from splits that part a fake from its original are too good; compare none with these"
    # With several fakes per original, a model that recognises a test video's group has mostly seen the other label.
    if inflation.high is not None and inflation.high < 0:
        return "the model recognises videos of one group, and takes what it learnt of one for the label of another"
    return None
