"""The outcomes of an extraction, for people and as JSON."""

import collections
import dataclasses
from collections.abc import Sequence
from typing import Any

from components.frame_feature_gen.outcome import Outcome
from pipeline.terminal.console import Console, print_fields
from pipeline.terminal.table import Column, Shrink, print_table


def to_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Returns the outcomes as plain objects.

    Returns:
        `features` (count), `decoded`, `cached`, `truncated` (counts), `quarantined` (count by reason) and `rows` (one
        per video).
    """
    states = collections.Counter(outcome.state for outcome in outcomes)
    return {
        "features": states["decoded"] + states["cached"],
        "decoded": states["decoded"],
        "cached": states["cached"],
        "truncated": sum(outcome.truncated for outcome in outcomes),
        "quarantined": dict(collections.Counter(outcome.reason for outcome in outcomes if outcome.reason)),
        "rows": [_row(outcome) for outcome in outcomes],
    }


def render(outcomes: Sequence[Outcome], cache_dir: str, console: Console) -> None:
    """Prints the outcomes of the videos, with one example of each kind by name."""
    kinds: dict[str, list[Outcome]] = collections.defaultdict(list)
    for outcome in outcomes:
        kinds[f"quarantined: {outcome.reason}" if outcome.reason else f"features, {outcome.state}"].append(outcome)
        if outcome.truncated and not outcome.reason:
            kinds["of these truncated"].append(outcome)
    columns = [
        Column("videos"),
        Column("count", right=True),
        Column("for example", shrinks=Shrink.MIDDLE),
        Column("detail", shrinks=Shrink.END),
    ]
    ordered = sorted(kinds, key=lambda kind: (kind.startswith("quarantined"), kind.startswith("of these"), kind))
    rows = [(kind, f"{len(kinds[kind]):,}", kinds[kind][0].uri, kinds[kind][0].detail) for kind in ordered]
    print_table(columns, rows, console, ruled=True)
    console.print()
    print_fields({"feature cache": cache_dir}, console, width=14)


def _row(outcome: Outcome) -> dict[str, Any]:
    row = dataclasses.asdict(outcome)
    del row["split"]
    return row
