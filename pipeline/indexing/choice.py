"""Chooses the layout of a source: the one that the user names, or the only one that speaks for itself."""

from typing import Final

from components.errors import UserError
from pipeline.indexing.layout import Layout, Told
from pipeline.indexing.layouts import LAYOUTS
from pipeline.indexing.layouts.folders import FOLDERS
from pipeline.indexing.layouts.table import TABLE
from pipeline.indexing.tree import Source

AUTO: Final = "auto"


def choose_layout(name: str, source: Source, told: Told) -> tuple[Layout, str]:
    """Returns the layout, and why it was taken.

    Args:
        name: a layout, or `auto`.
        source: what is indexed.
        told: what the user says of columns and labels, which only some layouts have.

    Raises:
        UserError: if the name is unknown, no layout fits or more than one, or one has no use for what is told.
    """
    if name not in (AUTO, *LAYOUTS):
        raise UserError(f"--layout {name}: is none that is known; allowed are {', '.join((AUTO, *LAYOUTS))}")
    if name == AUTO and told.columns:
        name = TABLE.name
    layout, reason = (LAYOUTS[name], "as named") if name != AUTO else _only_fitting(source, told)
    if told.columns and layout is not TABLE:
        raise UserError(f"{next(iter(told.columns))}: only the layout {TABLE.name} has columns, not {layout.name}")
    if (told.fake_values or told.real_values) and layout not in (TABLE, FOLDERS):
        option = "--fake-values" if told.fake_values else "--real-values"
        raise UserError(f"{option}: the layout {layout.name} says itself what is fake; leave the option out")
    return layout, reason


def _only_fitting(source: Source, told: Told) -> tuple[Layout, str]:
    found = [(layout, evidence) for layout in LAYOUTS.values() if (evidence := layout.evidence(source, told))]
    if not found:
        expected = "; ".join(f"{layout.name}: {layout.expected}" for layout in LAYOUTS.values())
        raise UserError(f"{source.root}: fits no layout ({expected}); type --layout NAME with the one that is meant")
    if len(found) > 1:
        fitting = " and ".join(f"{layout.name} ({', '.join(evidence[:2])})" for layout, evidence in found)
        names = " or ".join(f"--layout {layout.name}" for layout, _ in found)
        raise UserError(f"{source.root}: fits {fitting}; type {names}")
    layout, evidence = found[0]
    return layout, ", ".join(evidence[:2])
