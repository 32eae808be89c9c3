"""What other nodes checked, where the run has it: the serving check and the audits."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from components.report_gen.artifact_files import AUDITS_FILE, read_json


@dataclasses.dataclass(frozen=True)
class Audit:
    """One audit, with its rows as a table.

    Attributes:
        name: what was audited.
        headline: what came out.
        warning: what people must know of it.
        figures: name, value, low, high and count of each.
        columns: of the table; empty where the rows have no names.
        rows: of the table.
    """

    name: str
    headline: str
    warning: str | None
    figures: list[dict[str, Any]]
    columns: list[str]
    rows: list[list[Any]]


def read_audits(folders: Iterable[str]) -> list[Audit]:
    """Reads the audits in those of the folders that have some."""
    return [_audit(audit) for folder in folders for audit in read_json(folder, AUDITS_FILE) or ()]


def _audit(content: Mapping[str, Any]) -> Audit:
    rows = content.get("rows") or []
    columns = list(dict.fromkeys(key for row in rows if isinstance(row, dict) for key in row))
    return Audit(
        name=content["name"],
        headline=content["headline"],
        warning=content.get("warning"),
        figures=content.get("figures") or [],
        columns=columns,
        rows=[[row.get(column) for column in columns] if columns else _cells(row) for row in rows],
    )


def _cells(row: Any) -> list[Any]:
    return list(row) if isinstance(row, list) else [row]
