"""The score of a video of several clips."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import pydantic

from components.served_model.aggregate_rule import AggregateRule
from components.served_model.real_clips import RealClips
from components.served_model.scored import Scored
from components.served_model.soft_clip import soft_clip

_DRAWS: Final = 4_000
_TOP: Final = 3
_LEAST: Final = 1e-7


class Aggregation(pydantic.BaseModel):
    """How the log odds of a video's clips become those of the video.

    The largest of n scores grows with n, and with it the share of real videos that are called fake. So the video gets
    the log odds that a clip of a real video exceeds as rarely as the largest of n such clips exceeds the video's
    largest: the share of real videos above any threshold stays that of single clips. The clips of a video are taken
    for independent; if they are alike, that share is smaller.

    Attributes:
        rule: `largest`; `top3`, which takes the mean of the three largest in place of it; or `mean`, which takes the
            mean of all as it is, since that exceeds a threshold more rarely than a single clip does.
        real_clips: the distribution of the log odds of clips of real videos; None if too few were seen.
    """

    model_config = pydantic.ConfigDict(frozen=True)

    rule: AggregateRule = "largest"
    real_clips: RealClips | None = None

    @property
    def is_possible(self) -> bool:
        """Whether videos of several clips can be scored."""
        return self.real_clips is not None or self.rule == "mean"

    def log_odds(self, of_clips: np.ndarray) -> float:
        """Returns the log odds of a video from those of its N >= 1 clips."""
        count = len(of_clips)
        if count == 1:
            return float(of_clips[0])
        if self.rule == "mean":
            return float(of_clips.mean())
        assert self.real_clips is not None, "it is possible"
        if self.rule == "largest":
            return float(self.real_clips.from_log_cdf(count * self.real_clips.log_cdf(of_clips.max())))
        drawn = _mean_of_top(self.real_clips, count)
        below = (np.sum(drawn < np.sort(of_clips)[-_TOP:].mean()) + 0.5) / (_DRAWS + 1)
        return float(self.real_clips.from_log_cdf(np.log(below)))


def score_video(clips: Sequence[Scored], aggregation: Aggregation | None, *, clip: float) -> tuple[Scored, int]:
    """Returns the score of a video, and which of its clips weighs most: the first with the highest probability.

    Args:
        clips: the outputs of the model for each, at least one.
        aggregation: of the model; needed for several clips.
        clip: the lowest probability that the model gives.
    """
    worst = max(range(len(clips)), key=lambda number: clips[number].probability)
    if len(clips) == 1:
        return clips[0], 0
    assert aggregation is not None, "only models that can aggregate are given several clips"
    log_odds = aggregation.log_odds(np.asarray([_log_odds(each) for each in clips]))
    probability = float(soft_clip(np.exp(-np.logaddexp(0, -log_odds)), clip))
    return clips[worst]._replace(probability=probability, log_odds=log_odds), worst


def _log_odds(scored: Scored) -> float:
    if scored.log_odds is not None:
        return scored.log_odds
    probability = min(max(scored.probability, _LEAST), 1 - _LEAST)
    return math.log(probability / (1 - probability))


def _mean_of_top(real_clips: RealClips, count: int) -> np.ndarray:
    """Draws the mean of the three largest of `count` clips of real videos, float64 [draws], always the same."""
    uniform = np.random.default_rng(0).random((min(_TOP, count), _DRAWS))
    # The largest of n shares is a root of a uniform one, the next largest that of the n - 1 below it.
    roots = np.log(uniform) / (count - np.arange(len(uniform)))[:, None]
    return real_clips.from_log_cdf(np.cumsum(roots, axis=0)).mean(axis=0)
