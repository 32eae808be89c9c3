"""The meaning of a probability: the verdict, and how test videos with such a score turned out."""

import enum
import math
from collections.abc import Mapping
from typing import Any, Final

from components.features import FAKE, REAL
from components.metrics.bootstrap import CONFIDENCE
from components.metrics.decision_rule import DecisionRule
from components.metrics.wilson import wilson_interval


class Verdict(str, enum.Enum):
    """The verdict on a video."""

    REAL = "REAL"
    FAKE = "FAKE"
    INCONCLUSIVE = "INCONCLUSIVE"
    UNSCORED = "UNSCORED"


IN_WORDS: Final = {
    Verdict.REAL: "the model takes it for real",
    Verdict.FAKE: "the model takes it for a forgery",
    Verdict.INCONCLUSIVE: "too close to the threshold for a verdict",
    Verdict.UNSCORED: "it could not be scored",
}


def decide_verdict(probability: float, decision_rule: DecisionRule) -> Verdict:
    """Returns the verdict for a probability; both ends of the band are inconclusive, the threshold itself is FAKE."""
    low, high = decision_rule.inconclusive_band or (math.inf, -math.inf)
    if low <= probability <= high:
        return Verdict.INCONCLUSIVE
    return Verdict.FAKE if probability >= decision_rule.threshold else Verdict.REAL


def ranges_in_words(decision_rule: DecisionRule) -> str:
    """Describes the ranges of probabilities for each verdict."""
    if decision_rule.inconclusive_band is None:
        return f"fake from {decision_rule.threshold:.2f} on, else real"
    low, high = decision_rule.inconclusive_band
    return f"real below {low:.2f}, fake above {high:.2f}, in between inconclusive"


def share_of_fakes_in_words(probability: float, card: Mapping[str, Any] | None) -> str:
    """Describes how many test videos with a similar score were fake, with count and interval.

    Args:
        probability: of the video.
        card: the model card, as written by the Pusher; None if there is none.
    """
    bins = (card or {}).get("evaluation", {}).get("scores", [])
    found = [each for each in bins if each["from"] <= probability < each["to"] or each["to"] == probability == 1]
    if not found:
        return "the model carries no counts of its test by score"
    (like_it,) = found
    count, fakes = like_it[FAKE] + like_it[REAL], like_it[FAKE]
    if not count:
        return f"no test video was scored {like_it['from']:.1f} to {like_it['to']:.1f}"
    low, high = wilson_interval(fakes, count)
    return (
        f"of test videos scored {like_it['from']:.1f} to {like_it['to']:.1f}, {100 * fakes / count:.0f} % were fake "
        f"(n={count}, {100 * CONFIDENCE:.0f} % interval {100 * low:.0f} to {100 * high:.0f} %)"
    )
