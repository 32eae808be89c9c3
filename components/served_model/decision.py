"""The threshold of the verdict, and the band around it in which a video is inconclusive."""

import dataclasses
import math
from typing import TYPE_CHECKING, Any, Literal

import pydantic

from components.errors import UserError
from components.served_model.aggregate_rule import AggregateRule
from components.settings import Settings

if TYPE_CHECKING:
    # A config is read without it.
    import numpy as np

# Tolerance for floating-point error in a rate that is met exactly.
_SLACK = 1e-9
# Served probabilities differ from those seen here by less.
_RESOLUTION = 1e-6


class DecisionSettings(Settings):
    """The section `decision` of the config."""

    calibration: Literal["auto", "temperature", "isotonic", "none"] = pydantic.Field(
        "auto", description="auto: temperature or isotonic, whichever has the lower cross-validated log loss on eval"
    )
    clip: float = pydantic.Field(0.01, ge=0, lt=0.5, description="no probability is below this, or above 1 - this")
    false_alarm_cost: float = pydantic.Field(1.0, gt=0, description="of calling a real video fake")
    miss_cost: float = pydantic.Field(1.0, gt=0, description="of calling a fake video real, in the same unit")
    max_false_positive_rate: float | None = pydantic.Field(
        None, gt=0, lt=1, description="share of the real eval videos that may be called fake, in place of the costs"
    )
    inconclusive_odds_ratio: float = pydantic.Field(
        1.5, ge=1, description="inconclusive are odds within this factor of those at the threshold; 1 for none"
    )

    aggregate: AggregateRule = pydantic.Field(
        "largest", description="what the score of a video of several windows or faces follows from"
    )

    @pydantic.model_validator(mode="after")
    def _threshold_can_be_passed(self) -> "DecisionSettings":
        threshold = cost_threshold(self.false_alarm_cost, self.miss_cost)
        if self.max_false_positive_rate is None and not self.clip < threshold < 1 - self.clip:
            raise ValueError(
                f"the costs put the threshold at {threshold:.3g}, which no probability from {self.clip:g} to "
                f"{1 - self.clip:g} passes; lower decision.clip"
            )
        return self


@dataclasses.dataclass(frozen=True)
class Decision:
    """At or above `threshold` a video is called FAKE; within `inconclusive_band`, ends included, it is inconclusive.

    `report` is its section of model.json; `warning` in it is one sentence for people, or None.
    """

    threshold: float
    inconclusive_band: tuple[float, float] | None
    report: dict[str, Any]


def choose_decision(labels: "np.ndarray", probabilities: "np.ndarray", settings: DecisionSettings) -> Decision:
    """Chooses threshold and band from the calibrated probabilities [N] of the eval split and its labels [N]."""
    rate, warning = settings.max_false_positive_rate, None
    if rate is None:
        threshold = cost_threshold(settings.false_alarm_cost, settings.miss_cost)
        rule = {"rule": "costs", "false_alarm_cost": settings.false_alarm_cost, "miss_cost": settings.miss_cost}
    else:
        threshold = rate_threshold(labels, probabilities, rate)
        rule = {"rule": "false positive rate", "max_false_positive_rate": rate}
        warning = _rate_warning(labels, probabilities, threshold, rate)
    band = inconclusive_band_by_odds(threshold, settings.inconclusive_odds_ratio)
    shares = _shares(labels, probabilities, threshold, band)
    return Decision(threshold, band, {**rule, "on_eval": shares, "warning": warning})


def cost_threshold(false_alarm_cost: float, miss_cost: float) -> float:
    """Returns the probability at which both verdicts have the same expected cost, if probabilities are calibrated."""
    return false_alarm_cost / (false_alarm_cost + miss_cost)


def rate_threshold(labels: "np.ndarray", probabilities: "np.ndarray", rate: float) -> float:
    """Returns the lowest threshold at which at most a share `rate` of the real videos is called fake.

    It lies halfway between the highest real video that must not be called fake and the next higher probability; if
    there is none, it is 1, which calls no video fake. Probabilities that float32 might not distinguish count as equal.
    """
    reals = sorted(probabilities[labels == 0], reverse=True)
    allowed = math.floor(rate * len(reals) + _SLACK)
    if allowed >= len(reals):
        return float(min(probabilities))
    above = probabilities[probabilities > reals[allowed] + _RESOLUTION]
    return float((reals[allowed] + above.min()) / 2) if len(above) else 1.0


def _rate_warning(labels: "np.ndarray", probabilities: "np.ndarray", threshold: float, rate: float) -> str | None:
    """Returns a warning about a threshold chosen by rate, or None.

    Raises:
        UserError: if the threshold still exceeds the rate, as when real videos have a probability of 1.
    """
    reals = probabilities[labels == 0]
    false_positives = int((reals >= threshold).sum())
    if false_positives > rate * len(reals) + _SLACK:
        raise UserError(
            f"decision.max_false_positive_rate={rate:g}: {false_positives} of {len(reals)} real eval videos have a "
            f"probability of {threshold:g}, which no threshold is above; type --set decision.clip=0.01, or raise the "
            "rate"
        )
    if not len(reals):
        return f"no real eval video shows where the rate {rate:g} is kept"
    if threshold < 1:
        return None
    allowed = math.floor(rate * len(reals) + _SLACK)
    return (
        f"the threshold is 1, so that no video is called fake: of {len(reals)} real eval videos "
        f"max_false_positive_rate={rate:g} allows {allowed}, and {allowed + 1} or more have the highest probability, "
        f"{max(probabilities):.3f}"
    )


def inconclusive_band_by_odds(threshold: float, ratio: float) -> tuple[float, float] | None:
    """Returns the range of probabilities whose odds are within the factor `ratio` of the threshold's; None if empty.

    Within it the verdict would change if the ratio of the costs, or the odds of fakes among the scored videos, were off
    by that factor.
    """
    if ratio == 1 or not 0 < threshold < 1:
        return None
    odds = threshold / (1 - threshold)
    return odds / ratio / (1 + odds / ratio), odds * ratio / (1 + odds * ratio)


def _shares(
    labels: "np.ndarray", probabilities: "np.ndarray", threshold: float, band: tuple[float, float] | None
) -> dict[str, float | None]:
    low, high = band or (math.inf, -math.inf)
    inconclusive = (probabilities >= low) & (probabilities <= high)
    called_fake = probabilities >= threshold

    def share(what: "np.ndarray") -> float | None:
        return float(what.mean()) if len(what) else None

    return {
        "false_positive_rate": share(called_fake[labels == 0]),
        "true_positive_rate": share(called_fake[labels == 1]),
        "inconclusive": share(inconclusive),
    }
