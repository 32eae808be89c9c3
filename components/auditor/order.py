"""The order audit: what a model loses when a video's frames are shuffled is what it learnt from their order."""

from typing import Any, Final

import numpy as np
import tensorflow as tf

from components.auditor.finding import Audit
from components.auditor.measuring import COMPARED_METRICS, compare
from components.auditor.videos import Videos
from components.metrics.scores import Scores, join, side_by_side
from components.served_model.scored import scores_of_all

ORDERS: Final = 5
_BATCH = 64


def audit_order(videos: Videos, served: Any, seed: int) -> Audit:
    """Scores the test split with the served model, with frames in order and in `ORDERS` random orders.

    Args:
        videos: all of them.
        served: the model, from `tf.saved_model.load`.
        seed: of the orders.
    """
    tested = videos.of_split("test")
    serve = served.signatures["serve_features"]
    frame_features, mask = videos.frame_features[tested], videos.mask[tested]
    generator = np.random.default_rng(seed)
    in_order = _score(serve, frame_features, mask)
    out_of_order = side_by_side(
        [_score(serve, shuffle_frames(frame_features, mask, generator), mask) for _ in range(ORDERS)]
    )
    labels, groups = videos.labels[tested], videos.groups[tested]
    measurements = [
        measurement
        for metric in COMPARED_METRICS
        for measurement in compare(metric, labels, groups, ("in order", in_order), ("out of order", out_of_order))
    ]
    change = measurements[2]
    headline = f"frames out of order change the AUC on the test split by {change.in_words('+.3f')}"
    if change.high is None or change.high >= 0:
        headline += "; that the model learnt from time is not shown"
    return Audit("order", headline, measurements)


def shuffle_frames(frame_features: np.ndarray, mask: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Shuffles each video's valid frames; the padding stays in place.

    Args:
        frame_features: float32 [N, T, D].
        mask: bool [N, T], right-padded.
        generator: of the orders.
    """
    keys = np.where(mask, generator.random(mask.shape), np.inf)
    order = np.argsort(keys, axis=1, kind="stable")
    return np.take_along_axis(frame_features, order[:, :, None], axis=1)


def _score(serve: tf.types.experimental.GenericFunction, frame_features: np.ndarray, mask: np.ndarray) -> Scores:
    scores = []
    for start in range(0, len(mask), _BATCH):
        part = slice(start, start + _BATCH)
        served = serve(
            frame_features=tf.constant(frame_features[part]), frame_mask=tf.constant(mask[part].astype(np.int64))
        )
        scores.append(scores_of_all(served))
    return join(scores)
