"""Writes the results: `results.json` for programs, `RESULTS.md` for people."""

import json
import pathlib
from typing import Any

from benchmarks.results import Results, Table


def write_report(folder: pathlib.Path, results: Results, machine: dict[str, Any], *, quick: bool, date: str) -> None:
    """Writes both files into `folder`."""
    ratios = {name: None if ratio is None else round(ratio, 3) for name, ratio in results.ratios.items()}
    content = {
        "date": date,
        "quick": quick,
        "machine": machine,
        "ratios": ratios,
        "reasons": results.reasons,
        "tables": {
            table.title: [dict(zip(table.header, row, strict=True)) for row in table.rows] for table in results.tables
        },
    }
    (folder / "results.json").write_text(json.dumps(content, indent=2) + "\n")
    (folder / "RESULTS.md").write_text(_markdown(content, results.tables))


def _markdown(content: dict[str, Any], tables: list[Table]) -> str:
    machine = content["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items() if version)
    command = "make bench-quick" if content["quick"] else "make bench"
    parts = [
        "# Benchmarks\n",
        f"Measured by `{command}` on {content['date']}: {machine['processor']}, {machine['cores']} cores "
        f"({', '.join(machine['flags']) or 'no vector extensions named'}), {machine['memory_gb']} GB, load "
        f"{machine['load_at_start']} before it started. {machine['system']}, Python {machine['python']}; {versions}.\n",
    ]
    if machine["load_at_start"] > 0.5:
        parts.append("The machine was shared: read the figures as proportions, and those of single runs with care.\n")
    if content["quick"]:
        parts.append("A quick run: few rounds and few videos, so that it shows that all works and roughly how fast.\n")
    parts.append("## Ratios\n")
    rows = [
        (f"`{name}`", "none: " + content["reasons"][name] if ratio is None else f"{ratio:.2f}")
        for name, ratio in content["ratios"].items()
    ]
    parts.append(markdown_table(("ratio", "value"), rows))
    for table in tables:
        parts += [f"## {table.title}\n", f"{table.note}\n", markdown_table(table.header, table.rows)]
    return "\n".join(parts)


def markdown_table(header: Any, rows: Any) -> str:
    """Formats a table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)
