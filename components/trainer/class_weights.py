"""How much a video of each class counts in the loss."""

import math

from components.trainer.local_records import LocalRecords

Weights = tuple[float, float]

EQUAL: Weights = (1.0, 1.0)


def balanced_weights(train: LocalRecords) -> Weights:
    """The weights of REAL and FAKE with which both classes count alike in the loss, and a video counts 1 on average.

    Of a split with one class only, all videos count alike.
    """
    reals = train.count - train.fakes
    if not reals or not train.fakes:
        return EQUAL
    return train.count / (2 * reals), train.count / (2 * train.fakes)


def prior_log_odds(weights: Weights) -> float:
    """By how much the weights shift the log odds of FAKE that a model learns; calibration takes it back."""
    real, fake = weights
    return math.log(fake / real)
