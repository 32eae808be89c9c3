"""How much a video of each class counts in the loss."""

import math
from typing import Literal

Weights = tuple[float, float]


def class_weights(choice: Literal["balanced", "none"], *, videos: int, fakes: int) -> Weights:
    """The weights of REAL and FAKE, with which a video counts 1 on average.

    `balanced` lets both classes count alike in the loss; of a split with one class only, all videos count alike.

    Args:
        choice: `trainer.class_weights` of the config.
        videos: in the train split.
        fakes: of these.
    """
    reals = videos - fakes
    if choice == "none" or not reals or not fakes:
        return 1.0, 1.0
    return videos / (2 * reals), videos / (2 * fakes)


def prior_log_odds(weights: Weights, *, fakes: int = 0, pseudo_fakes: int = 0) -> float:
    """By how much weights and pseudo-fakes shift the log odds of FAKE that a model learns; calibration takes it back.

    Args:
        weights: of REAL and FAKE in the loss.
        fakes: in the train split, pseudo-fakes among them.
        pseudo_fakes: of these, which no other split has.
    """
    real, fake = weights
    more = math.log(fakes / (fakes - pseudo_fakes)) if 0 < pseudo_fakes < fakes else 0.0
    return math.log(fake / real) + more
