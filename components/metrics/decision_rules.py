"""How the probabilities of several models become verdicts."""

import dataclasses

import numpy as np

from components.metrics.decision_rule import DecisionRule


@dataclasses.dataclass(frozen=True)
class DecisionRules:
    """The rule of each of N videos that were scored by different models.

    Attributes:
        threshold: float64 [N].
        inconclusive_band: the lower and the upper ends, float64 [N] each; NaN for a video without a band.
    """

    threshold: np.ndarray
    inconclusive_band: tuple[np.ndarray, np.ndarray]

    def of(self, members: np.ndarray) -> "DecisionRules":
        """The rules for some of the videos: `members` are indices, or bool [N]."""
        low, high = self.inconclusive_band
        return DecisionRules(self.threshold[members], (low[members], high[members]))


AnyDecisionRule = DecisionRule | DecisionRules
