"""The robustness audit: the test split once more, as platforms hand on what is uploaded to them."""

from collections.abc import Callable
from typing import Final

import numpy as np

from components.auditor.finding import Audit, Measurement
from components.auditor.measuring import compare
from components.auditor.videos import Videos, draw_groups
from components.metrics.decision_rule import DecisionRule
from components.metrics.scores import Scores
from components.video_decoding.alteration.alteration import Distortion

CONDITIONS: Final = {
    "H.264 with CRF 28": Distortion(crf=28),
    "H.264 with CRF 35": Distortion(crf=35),
    "H.264 with CRF 42": Distortion(crf=42),
    "half size": Distortion(scale=0.5),
    "a tenth cut off each edge": Distortion(crop=0.1),
    "every second frame": Distortion(frame_rate=0.5),
}
METRICS: Final = ("auc", "balanced_accuracy", "expected_calibration_error")
_CLEAN: Final = "as they are"

Rescore = Callable[[np.ndarray, Distortion], Scores]
"""Returns the scores of the videos at indices [K] once distorted; NaN where one cannot be used."""


def audit_robustness(videos: Videos, rescore: Rescore, rule: DecisionRule, *, limit: int, seed: int) -> Audit:
    """Scores the distorted videos of the test split, and compares with the same videos as they are.

    Args:
        videos: all of them.
        rescore: by the served model.
        rule: of that model.
        limit: of more videos than this, whole groups are drawn at random, as many as fit.
        seed: of the draw.

    Returns:
        An audit without measurements if no video can be read, or what is drawn is of one class; those made before it
        must not be lost.

    Raises:
        UserError: if no group fits.
    """
    test = videos.of_split("test")
    tested = test[draw_groups(videos.groups[test], limit, seed, "audits.robustness_videos")]
    if len(np.unique(videos.labels[tested])) < 2:
        return _nothing(f"of {limit} videos (audits.robustness_videos), those drawn are of one class")
    measurements: list[Measurement] = []
    changes: dict[str, Measurement] = {}
    remarks = []
    for name, distortion in CONDITIONS.items():
        scores = rescore(tested, distortion)
        usable = ~np.isnan(scores.probabilities)
        if not usable.any():
            return _nothing("none of the test videos can be read again; they must be where the run found them")
        if not usable.all():
            remarks.append(f"{name}: {(~usable).sum()} of {len(tested)} videos could not be used, and are left out")
        some = tested[usable]
        for metric in METRICS:
            clean, distorted, change = compare(
                metric,
                videos.labels[some],
                videos.groups[some],
                (_CLEAN, videos.scores.of(some)),
                (name, scores.of(usable)),
                rule=rule,
            )
            # Once for all conditions that lost no video.
            if clean not in measurements:
                measurements.append(clean)
            measurements += [distorted, _named(change, f"{metric}, {name}, change")]
            if metric == METRICS[0]:
                changes[name] = change
    worst = min(changes, key=lambda name: changes[name].value or 0.0)
    headline = f"of all distortions, {worst} changes the AUC most: by {changes[worst].in_words('+.3f')}"
    return Audit("robustness", headline, measurements, _warning(changes), remarks=remarks)


def _nothing(reason: str) -> Audit:
    return Audit("robustness", "nothing was measured", [], warning=reason)


def _warning(changes: dict[str, Measurement]) -> str | None:
    lost = [name for name, change in changes.items() if change.high is not None and change.high < 0]
    if not lost:
        return None
    return (
        f"uploads that were through a platform are told apart less well ({', '.join(lost)}); train on variants, with "
        "augment.recompressed"
    )


def _named(measurement: Measurement, name: str) -> Measurement:
    return Measurement(name, measurement.value, measurement.low, measurement.high, measurement.count)
