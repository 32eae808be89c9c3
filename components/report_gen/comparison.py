"""Compares two runs side by side."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from components.report_gen.content import Content
from components.report_gen.figures import roc_figure
from components.report_gen.rendering import render_template


@dataclasses.dataclass(frozen=True)
class Difference:
    """A setting that differs between the runs."""

    key: str
    first: Any
    second: Any


def render_comparison(first: Content, second: Content) -> str:
    """Returns the comparison page as HTML."""
    names = _names(first, second)
    curves = {name: content.roc for name, content in zip(names, (first, second), strict=True) if content.roc}
    return render_template(
        "comparison.html",
        first=first,
        second=second,
        names=names,
        roc=roc_figure(curves) if curves else None,
        same_videos=first.tested == second.tested,
        differences=differences(first.config, second.config),
    )


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[Difference]:
    """Returns the settings that differ, by key; None stands for a missing key."""
    one, other = _flat(first), _flat(second)
    keys = list(dict.fromkeys([*one, *other]))
    return [Difference(key, one.get(key), other.get(key)) for key in keys if one.get(key) != other.get(key)]


def _flat(settings: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in settings.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


def _names(first: Content, second: Content) -> tuple[str, str]:
    if first.run != second.run:
        return first.run, second.run
    return tuple(f"{one.run} {one.description.model_digest[:8]}" for one in (first, second))  # type: ignore[return-value]
