"""What a run came to, for people."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from components import features
from components.auditor.finding import Audit
from components.evaluator.video_metrics import LOWER_IS_BETTER
from pipeline.run_result import RunResult

_ENDS = {"low": "lower end", "high": "upper end"}


def print_result(result: RunResult, summary: str, console: Console) -> None:
    """Prints the metrics, the rules, the verdict and where everything is."""
    evaluation, counts = result.evaluation, result.evaluation["videos"]
    console.print()
    console.print(_metrics(evaluation))
    console.print(
        f"{counts[features.FAKE]} fake and {counts[features.REAL]} real videos in {evaluation['groups']} groups; "
        "intervals resampled by group",
        highlight=False,
    )
    if evaluation["synthetic"]:
        console.print("[yellow]synthetic videos: these figures say nothing of real forgeries[/]")
    for warning in result.warnings:
        console.print(f"[yellow]{escape(warning)}[/]", highlight=False, soft_wrap=True)
    console.print()
    console.print(_rules(result.decision["rules"]))
    console.print()
    for audit in result.audits:
        print_audit(audit, console)
    lines = {
        "verdict": f"[{'green' if result.blessed else 'red'}]{result.verdict}[/]",
        **({"because": escape("; ".join(result.failed))} if result.failed else {}),
        "serving": _serving(result.serving),
        "pushed": _pushed(result),
        "quarantine": f"{result.quarantined} videos, {result.quarantine}",
        "report": result.report,
        "summary": summary,
        "log": result.log,
    }
    for name, value in lines.items():
        console.print(f"{name:<11}{value}", highlight=False, soft_wrap=True)


def print_audit(audit: Audit, console: Console) -> None:
    """Prints what an audit found out in a line, and what it warns of in another."""
    console.print(f"{audit.name + ' audit':<15}{audit.headline}", highlight=False, soft_wrap=True)
    if audit.warning:
        console.print(f"{'':<15}[yellow]{audit.warning}[/]", highlight=False, soft_wrap=True)


def _metrics(evaluation: Mapping[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(f"{evaluation['split']} split")
    table.add_column("value", justify="right")
    table.add_column("95 % interval", justify="right")
    for name, numbers in evaluation["metrics"].items():
        table.add_row(name, _number(numbers["value"]), f"{_number(numbers['low'])} to {_number(numbers['high'])}")
    return table


def _rules(rules: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("rule")
    for heading in ("value", "bound"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for rule in rules:
        change = rule["rule"] == "worse_by"
        name = f"{rule['metric']} against the baseline" if change else rule["metric"]
        end = f", {_ENDS[rule['on']]}" if rule["on"] in _ENDS else ""
        title = escape(f"{rule['slice']}: {name}{end}" if rule["slice"] else f"{name}{end}")
        if rule["passed"] and rule["value"] is None:
            table.add_row(title, "", "", "not judged")
            continue
        form = "+.3f" if change else ".3f"
        bound = f"{'at most' if _is_upper(rule) else 'at least'} {rule['bound']:{form}}"
        outcome = "[green]passed[/]" if rule["passed"] else "[red]failed[/]"
        table.add_row(title, _number(rule["value"], form), bound, outcome)
    return table


def _is_upper(rule: Mapping[str, Any]) -> bool:
    # The allowed change is signed: upwards where lower is better.
    return rule["rule"] == "max" or (rule["rule"] == "worse_by" and rule["metric"] in LOWER_IS_BETTER)


def _serving(serving: Mapping[str, Any]) -> str:
    failed = sum(not check["passed"] for check in serving["checks"])
    if failed:
        return f"{failed} of {len(serving['checks'])} checks failed"
    latency = serving["latency_ms"]["serving_default"]["1"]
    return f"{len(serving['checks'])} checks passed, {latency:.0f} ms a video, {serving['peak_memory_mb']:.0f} MB"


def _pushed(result: RunResult) -> str:
    if result.pushed:
        return str(result.model)
    return f"nothing new, this model is {result.model}" if result.model else "nothing"


def _number(value: float | None, form: str = ".3f") -> str:
    return "undefined" if value is None else format(value, form)
