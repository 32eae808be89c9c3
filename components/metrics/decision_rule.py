"""How a probability becomes a verdict."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class DecisionRule:
    """How a model's probability becomes a verdict.

    Attributes:
        threshold: a video at or above it is called FAKE.
        inconclusive_band: lower and upper end, both included; None if there is none.
    """

    threshold: float
    inconclusive_band: tuple[float, float] | None = None

    def of(self, members: object) -> "DecisionRule":
        """The rule for some of the videos, which is the same for all."""
        del members
        return self
