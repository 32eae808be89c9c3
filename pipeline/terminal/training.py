"""Prints the result of a training run for people."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from components import features
from components.auditor.finding import Audit
from components.auditor.names import AUDITS
from components.metrics.names import LOWER_IS_BETTER
from components.metrics.results import CROSS_VALIDATION
from pipeline.runs.training_result import TrainingResult
from pipeline.terminal.console import Console, as_text, print_fields
from pipeline.terminal.table import Column, Shrink, print_table

_CROSS_VALIDATED = "cross-validation"
_AUDIT_WIDTH = max(len(f"{name} audit ") for name in AUDITS)
_ENDS = {"low": "lower end", "high": "upper end"}


def print_result(result: TrainingResult, summary: str, console: Console) -> None:
    """Prints the metrics, the rules, the verdict and where the files are."""
    console.print()
    _print_metrics(f"{result.evaluation['split']} split", result.evaluation, "", console)
    if result.cross_validation:
        folds = f"{len(result.cross_validation['folds'])} folds"
        console.print()
        _print_metrics(_CROSS_VALIDATED, result.cross_validation, f" of all splits in {folds}", console)
        for caveat in result.cross_validation["caveats"]:
            console.print(as_text((caveat, "yellow")))
    if result.evaluation["synthetic"]:
        console.print(as_text(("synthetic videos: these figures say nothing of real forgeries", "yellow")))
    for remark in result.evaluation.get("remarks", []):
        console.print(as_text((remark, "yellow")), soft_wrap=True)
    for warning in result.warnings:
        console.print(as_text((warning, "yellow")))
    console.print()
    _print_rules(result.decision["rules"], console)
    console.print()
    for audit in result.audits:
        print_audit(audit, console)
    fields: dict[str, str | Text] = {
        "verdict": as_text((result.verdict, "green" if result.blessed else "red")),
        **({"because": "; ".join(result.failed)} if result.failed else {}),
        "serving": _serving(result.serving),
        "pushed": _pushed(result),
        **({"replaced": result.replaced} if result.replaced else {}),
        "quarantine": f"{result.quarantined} videos, {result.quarantine}",
        "report": result.report,
        "summary": summary,
        "log": result.log,
    }
    print_fields(fields, console)


def print_audit(audit: Audit, console: Console) -> None:
    """Prints the findings of an audit on one line, and its warnings on another."""
    fields = {f"{audit.name} audit": as_text(audit.headline)}
    if audit.warning:
        fields[""] = as_text((audit.warning, "yellow"))
    print_fields(fields, console, width=_AUDIT_WIDTH)


def print_measurements(audits: Sequence[Audit], console: Console) -> None:
    """Prints the measurements of audits, with intervals and numbers of videos, and remarks on the videos."""
    for remark in dict.fromkeys(remark for audit in audits for remark in audit.remarks):
        console.print(as_text((remark, "yellow")), soft_wrap=True)
    columns = [
        Column("audit"),
        Column("figure", shrinks=Shrink.WRAP),
        *(Column(heading, right=True) for heading in ("value", "95 % interval", "videos")),
    ]
    rows = []
    for each in audits:
        for measurement in each.measurements:
            value, _, interval = measurement.in_words().partition(" (")
            rows.append((each.name, measurement.name, value, interval.rstrip(")"), str(measurement.count)))
    print_table(columns, rows, console)


def _print_metrics(title: str, evaluation: Mapping[str, Any], which: str, console: Console) -> None:
    counts = evaluation["videos"]
    columns = [Column(title), Column("value", right=True), Column("95 % interval", right=True)]
    rows = [
        (name, _number(numbers["value"]), f"{_number(numbers['low'])} to {_number(numbers['high'])}")
        for name, numbers in evaluation["metrics"].items()
    ]
    print_table(columns, rows, console)
    console.print(
        f"{counts[features.FAKE]} fake and {counts[features.REAL]} real videos{which} in {evaluation['groups']} "
        "groups; intervals resampled by group"
    )


def _print_rules(rules: list[dict[str, Any]], console: Console) -> None:
    columns = [
        Column("rule", shrinks=Shrink.WRAP),
        Column("value", right=True),
        Column("bound", right=True),
        Column("outcome"),
    ]
    print_table(columns, list(map(_rule, rules)), console)


def _rule(rule: dict[str, Any]) -> tuple[str | Text, ...]:
    change = rule["rule"] == "worse_by"
    name = f"{rule['metric']} against the baseline" if change else rule["metric"]
    end = f", {_ENDS[rule['on']]}" if rule["on"] in _ENDS else ""
    where = f"{_CROSS_VALIDATED}: " if rule.get("split") == CROSS_VALIDATION else ""
    title = f"{where}{rule['slice']}: {name}{end}" if rule["slice"] else f"{where}{name}{end}"
    if rule["passed"] and rule["value"] is None:
        return title, "", "", "not judged"
    form = "+.3f" if change else ".3f"
    bound = f"{'at most' if _is_upper(rule) else 'at least'} {rule['bound']:{form}}"
    outcome = as_text(("passed", "green") if rule["passed"] else ("failed", "red"))
    return title, _number(rule["value"], form), bound, outcome


def _is_upper(rule: Mapping[str, Any]) -> bool:
    # The allowed change is signed: positive if lower is better.
    return rule["rule"] == "max" or (rule["rule"] == "worse_by" and rule["metric"] in LOWER_IS_BETTER)


def _serving(serving: Mapping[str, Any]) -> str:
    failed = sum(not check["passed"] for check in serving["checks"])
    if failed:
        return f"{failed} of {len(serving['checks'])} checks failed"
    latency = serving["latency_ms"]["serving_default"]["1"]
    return f"{len(serving['checks'])} checks passed, {latency:.0f} ms a video, {serving['peak_memory_mb']:.0f} MB"


def _pushed(result: TrainingResult) -> str:
    if result.pushed:
        return str(result.model)
    return f"nothing new, this model is {result.model}" if result.model else "nothing"


def _number(value: float | None, form: str = ".3f") -> str:
    return "undefined" if value is None else format(value, form)
