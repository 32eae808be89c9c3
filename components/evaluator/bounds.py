"""The bounds that a model must keep to be blessed, as the config states them."""

from typing import Final

import pydantic

GATED: Final = ("auc", "average_precision", "accuracy", "log_loss", "precision", "recall")
"""The metrics that may be bounded."""


class Bound(pydantic.BaseModel):
    """The bound that one metric must keep."""

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")

    min: float | None = pydantic.Field(None, description="the metric must be above this")
    max: float | None = pydantic.Field(None, description="the metric must be below this")
    worse_by: float | None = pydantic.Field(
        None, ge=0, description="how much worse than the latest blessed model is still accepted"
    )

    @pydantic.model_validator(mode="after")
    def _bounds_something(self) -> "Bound":
        if self.min is None and self.max is None and self.worse_by is None:
            raise ValueError("give min, max or worse_by")
        return self
