"""The weight of each class in the loss."""

import math
from typing import Literal

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


def prior_shift(weights: Weights, *, fakes: int = 0, pseudo_fakes: int = 0) -> float:
    """Returns the shift of the learned log odds of FAKE by weights and pseudo-fakes, which calibration undoes.

    Args:
        weights: of REAL and FAKE in the loss.
        fakes: how many are in the train split, including pseudo-fakes.
        pseudo_fakes: how many of them are pseudo-fakes, which no other split has.
    """
    real, fake = weights
    more = math.log(fakes / (fakes - pseudo_fakes)) if 0 < pseudo_fakes < fakes else 0.0
    return math.log(fake / real) + more
