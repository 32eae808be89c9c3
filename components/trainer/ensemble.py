"""Several members as one model (deep ensembles: Lakshminarayanan et al. 2017)."""

from collections.abc import Sequence
from typing import Final

import keras
from keras import ops

from components.features import FRAME_SCORES, LOG_ODDS_FAKE, PROBABILITY_FAKE

MEMBER_LOG_ODDS: Final = "member_log_odds"
"""Float32 [B, N]: what each of N members says."""


def member_seeds(seed: int, count: int) -> list[int]:
    """Returns the seed of each of `count` members: they count up from `seed`, and beyond 32 bits start at 0."""
    return [(seed + number) % 2**32 for number in range(count)]


def average_members(members: Sequence[keras.Model]) -> keras.Model:
    """Returns the model whose probabilities are the means of its members'.

    Args:
        members: from `build_model`, with different names.

    Returns:
        A model with the inputs of a member, its outputs as means, and `member_log_odds`. `log_odds_fake` are those of
        the mean probability, computed from the members' log odds, which tell apart what rounds to 1. A single member
        is left as it is.
    """
    first, *others = members
    if not others:
        outputs = {**first.output, MEMBER_LOG_ODDS: first.output[LOG_ODDS_FAKE]}
        return keras.Model(first.input, outputs, name=first.name)
    inputs = {name: keras.Input(given.shape[1:], dtype=given.dtype, name=name) for name, given in first.input.items()}
    said = [member(inputs) for member in members]
    log_odds = ops.concatenate([each[LOG_ODDS_FAKE] for each in said], axis=-1)
    fake, real = (ops.logsumexp(ops.log_sigmoid(odds), axis=-1, keepdims=True) for odds in (log_odds, -log_odds))
    return keras.Model(
        inputs,
        {
            **{name: sum(each[name] for each in said) / len(said) for name in (PROBABILITY_FAKE, FRAME_SCORES)},
            LOG_ODDS_FAKE: fake - real,
            MEMBER_LOG_ODDS: log_odds,
        },
        name="ensemble",
    )
