"""The config's bounds that a model must meet to be blessed."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

import pydantic

from components.errors import UserError
from components.features import META_PREFIX
from components.metrics.facts import COLUMNS
from components.metrics.names import METRICS
from components.settings import Settings


class Bound(Settings):
    """The bound that one metric must meet."""

    min: float | None = pydantic.Field(None, description="the metric must be at least this")
    max: float | None = pydantic.Field(None, description="the metric must be at most this")
    worse_by: float | None = pydantic.Field(
        None, ge=0, description="how much worse than the baseline is still accepted"
    )
    on: Literal["value", "interval"] = pydantic.Field(
        "value", description="interval: the end of the interval that speaks against the model must keep the bound, too"
    )

    @pydantic.model_validator(mode="after")
    def _bounds_something(self) -> "Bound":
        if self.min is None and self.max is None and self.worse_by is None:
            raise ValueError("give min, max or worse_by")
        return self


def _known_metrics(bounds: Mapping[str, Bound]) -> Mapping[str, Bound]:
    if not bounds or not set(bounds) <= set(METRICS):
        raise ValueError(f"allowed are {', '.join(METRICS)}, at least one of them")
    return bounds


Bounds = Annotated[Mapping[str, Bound], pydantic.AfterValidator(_known_metrics)]
"""Bound by metric."""


def _known_columns(bounds: Mapping[str, Bounds]) -> Mapping[str, Bounds]:
    for name in bounds:
        column, equals, value = name.partition("=")
        known = column in COLUMNS or (column.startswith(META_PREFIX) and column != META_PREFIX)
        if not known or (equals and not value):
            columns = ", ".join((*COLUMNS, f"{META_PREFIX}*"))
            raise ValueError(f"{name!r} is no slice; allowed are COLUMN or COLUMN=VALUE, where COLUMN is of {columns}")
    return bounds


SliceBounds = Annotated[Mapping[str, Bounds], pydantic.AfterValidator(_known_columns)]
"""Bounds by slice: `column`, which stands for each of its values, or `column=value`."""

_BOUNDS: Final = pydantic.TypeAdapter(Bounds)
_SLICE_BOUNDS: Final = pydantic.TypeAdapter(SliceBounds)


def bounds_to_json(bounds: Mapping[str, Bound]) -> str:
    """Returns the bounds as one line of JSON, identical for equal bounds."""
    return json.dumps(_BOUNDS.dump_python(bounds, exclude_defaults=True), sort_keys=True)


def slice_bounds_to_json(bounds: Mapping[str, Mapping[str, Bound]]) -> str:
    """The same for slice bounds."""
    return json.dumps(_SLICE_BOUNDS.dump_python(bounds, exclude_defaults=True), sort_keys=True)


def bounds_from_json(text: str) -> Mapping[str, Bound]:
    """Parses the output of `bounds_to_json`, which a person may have edited before a run.

    Raises:
        UserError: if a metric is unknown, or a bound is invalid.
    """
    return _parse(_BOUNDS, "bounds", text, '{"auc": {"min": 0.7}}')


def slice_bounds_from_json(text: str) -> Mapping[str, Mapping[str, Bound]]:
    """Parses the output of `slice_bounds_to_json`, which a person may have edited before a run.

    Raises:
        UserError: if a column or a metric is unknown, or a bound is invalid.
    """
    return _parse(_SLICE_BOUNDS, "slice_bounds", text, '{"codec": {"auc": {"min": 0.7}}}')


def _parse(adapter: pydantic.TypeAdapter, key: str, text: str, example: str) -> Any:
    try:
        return adapter.validate_json(text)
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        where = ".".join([key, *map(str, first["loc"])])
        reason = first["msg"].removeprefix("Value error, ")
        raise UserError(f"{key}={text!r}: {where}: {reason}; write e.g. {example}") from error
