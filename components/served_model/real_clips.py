"""How clips of real videos are scored: the distribution of their log odds, from those of the eval split."""

from typing import Final

import numpy as np
import pydantic

FEWEST: Final = 10
"""Of fewer clips the distribution tells too little."""

_MOST_QUANTILES: Final = 200
# Float32 tells no more.
_DIGITS: Final = 6
# Differences in log odds that mean nothing; ties would otherwise give a tail no length at all.
_LEAST_EXCESS: Final = 0.05


class Tail(pydantic.BaseModel):
    """The distribution beyond a quantile.

    If excesses are distributed exponentially, and `count` of them sum up to `total`, the next one is larger than y with
    the probability (1 + y / total) ** -count: Lomax's distribution, which allows for the few that were seen.

    Attributes:
        start: log odds where it begins.
        share: of the clips beyond.
        count: of the clips seen beyond.
        total: the sum of their excesses over `start`.
    """

    model_config = pydantic.ConfigDict(frozen=True)

    start: float
    share: float = pydantic.Field(gt=0, lt=1)
    count: int = pydantic.Field(ge=1)
    total: float = pydantic.Field(gt=0)

    def log_share(self, excess: np.ndarray) -> np.ndarray:
        """Returns the log of the share of clips that exceed `start` by more than that."""
        return np.log(self.share) - self.count * np.log1p(np.maximum(excess, 0) / self.total)

    def excess(self, log_share: np.ndarray) -> np.ndarray:
        """Returns the inverse of `log_share`."""
        return self.total * np.expm1(np.maximum(np.log(self.share) - log_share, 0) / self.count)


class RealClips(pydantic.BaseModel):
    """The distribution of the log odds of clips of real videos.

    Attributes:
        clips: how many there were.
        quantiles: log odds and the share of clips below, both ascending, from the end of one tail to that of the other.
        lower: the tail of the lowest.
        upper: the tail of the highest.
    """

    model_config = pydantic.ConfigDict(frozen=True)

    clips: int = pydantic.Field(ge=FEWEST)
    quantiles: tuple[tuple[float, float], ...]
    lower: Tail
    upper: Tail

    def log_cdf(self, log_odds: np.ndarray) -> np.ndarray:
        """Returns the log of the share of real clips below some log odds, float64 of any shape."""
        places, shares = np.asarray(self.quantiles).T
        inner = np.log(np.interp(log_odds, places, shares))
        below = self.lower.log_share(self.lower.start - log_odds)
        above = np.log1p(-np.exp(self.upper.log_share(log_odds - self.upper.start)))
        return np.select([log_odds < self.lower.start, log_odds > self.upper.start], [below, above], inner)

    def from_log_cdf(self, log_cdf: np.ndarray) -> np.ndarray:
        """Returns the inverse of `log_cdf`."""
        places, shares = np.asarray(self.quantiles).T
        inner = np.interp(np.exp(log_cdf), shares, places)
        below = self.lower.start - self.lower.excess(log_cdf)
        # The highest that float64 tells from 1.
        beyond = np.log(np.maximum(-np.expm1(log_cdf), np.finfo(np.float64).tiny))
        above = self.upper.start + self.upper.excess(beyond)
        return np.select([log_cdf < np.log(shares[0]), log_cdf > np.log(shares[-1])], [below, above], inner)


def describe_real_clips(log_odds: np.ndarray) -> RealClips | None:
    """Describes the distribution of the log odds of N clips of real videos, or returns None for fewer than `FEWEST`."""
    ordered = np.sort(np.round(np.asarray(log_odds, np.float64), _DIGITS))
    count = len(ordered)
    if count < FEWEST:
        return None
    beyond = min(round(2 * np.sqrt(count)), count // 3)
    shares = (np.arange(count) + 0.5) / count
    inner = slice(beyond, count - beyond)
    upper, lower = ordered[-beyond:] - ordered[-beyond - 1], ordered[beyond] - ordered[:beyond]
    kept = np.unique(np.linspace(0, count - 2 * beyond - 1, _MOST_QUANTILES).round().astype(int))
    least = _LEAST_EXCESS * beyond
    places, inner_shares = ordered[inner][kept], shares[inner][kept]
    return RealClips(
        clips=count,
        quantiles=tuple(zip(places.tolist(), inner_shares.tolist(), strict=True)),
        lower=Tail(start=places[0], share=inner_shares[0], count=beyond, total=max(lower.sum(), least)),
        upper=Tail(start=places[-1], share=1 - inner_shares[-1], count=beyond, total=max(upper.sum(), least)),
    )
