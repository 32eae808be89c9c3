"""The weight of each class in the loss."""

import math
from typing import Literal

from components.trainer.trained_examples import Counts

Weights = tuple[float, float]


def class_weights(choice: Literal["balanced", "none"], *, videos: int, fakes: int) -> Weights:
    """Returns the weights of REAL and FAKE; their mean over all videos is 1.

    `balanced` gives both classes the same total weight; if the split has one class only, all weights are 1.

    Args:
        choice: `trainer.class_weights` of the config.
        videos: how many are in the train split.
        fakes: how many of them are FAKE.
    """
    reals = videos - fakes
    if choice == "none" or not reals or not fakes:
        return 1.0, 1.0
    return videos / (2 * reals), videos / (2 * fakes)


def prior_shift(weights: Weights, *, trained: Counts, given: Counts) -> float:
    """Returns the shift of the learned log odds of FAKE by weights and augmentation, which calibration undoes.

    Args:
        weights: of REAL and FAKE in the loss.
        trained: what was trained on, including what augmentation has made.
        given: the videos of the train split, as other splits have them.
    """
    real, fake = weights
    more = math.log(trained.fakes / trained.reals * given.reals / given.fakes) if all((*trained, *given)) else 0.0
    return math.log(fake / real) + more
