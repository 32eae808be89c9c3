"""The bounds that a model must keep to be blessed, as the config states them."""

import json
from collections.abc import Mapping
from typing import Final

import pydantic

from components.errors import UserError

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


def require_known_metrics(bounds: Mapping[str, Bound]) -> Mapping[str, Bound]:
    """Gives `bounds` back.

    Raises:
        ValueError: if there is none, or one for a metric that is not `GATED`.
    """
    if not bounds or not set(bounds) <= set(GATED):
        raise ValueError(f"allowed are {', '.join(GATED)}, at least one of them")
    return bounds


def bounds_to_json(bounds: Mapping[str, Bound]) -> str:
    """The bounds as one line of JSON, the same for equal bounds."""
    return json.dumps({name: bound.model_dump(exclude_none=True) for name, bound in sorted(bounds.items())})


def bounds_from_json(text: str) -> dict[str, Bound]:
    """Reads what `bounds_to_json` wrote, or a person changed before a run.

    Raises:
        UserError: if a metric is unknown, or a bound is not one.
    """
    try:
        bounds = {name: Bound(**limits) for name, limits in json.loads(text).items()}
        require_known_metrics(bounds)
    except (ValueError, TypeError, AttributeError) as error:
        reason = " ".join(str(error).split())
        raise UserError(f'bounds={text!r}: {reason}; write e.g. {{"auc": {{"min": 0.7}}}}') from error
    return bounds
