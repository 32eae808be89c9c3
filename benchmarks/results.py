"""The results of a measurement: ratios for programs, and tables for people."""

import dataclasses
from collections.abc import Sequence
from typing import Any


@dataclasses.dataclass(frozen=True)
class Table:
    """A table of the report; `note` says how it was measured."""

    title: str
    note: str
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclasses.dataclass(frozen=True)
class Results:
    """`ratios` are None if the machine cannot measure them, with the reason in `reasons`."""

    tables: list[Table]
    ratios: dict[str, float | None] = dataclasses.field(default_factory=dict)
    reasons: dict[str, str] = dataclasses.field(default_factory=dict)


def merged(parts: Sequence[Results]) -> Results:
    """Merges all results into one."""
    return Results(
        [table for part in parts for table in part.tables],
        {name: ratio for part in parts for name, ratio in part.ratios.items()},
        {name: reason for part in parts for name, reason in part.reasons.items()},
    )
