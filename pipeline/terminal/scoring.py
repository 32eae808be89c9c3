"""Prints the result of a scoring run for people."""

import math
import os
from collections.abc import Mapping

from rich.text import Text

from components.drift_validator.finding import DriftFinding, FeatureDrift
from components.metrics.bootstrap import Estimate
from components.served_model.folder import open_model
from components.submission_gen.metrics import Figures
from components.submission_gen.score_files import read_rows
from components.submission_gen.submission import Submission, read_table
from pipeline.runs.scoring_result import ScoringResult
from pipeline.terminal.console import Console, as_text, print_fields
from pipeline.terminal.scores import print_figures, print_submission, print_videos
from pipeline.terminal.table import Column, print_table


def print_scores(result: ScoringResult, prior: float, summary: str, console: Console) -> None:
    """Prints the verdicts, the submission, the metrics, the drift and where the files are."""
    console.print()
    print_videos(read_rows(os.path.dirname(result.scores)), open_model(result.model), console, all_in=result.scores)
    if result.synthetic:
        console.print(as_text(("synthetic videos: their scores say nothing of real forgeries", "yellow")))
    print_submission(result.submission_file, _submission(result), prior, console)
    if result.figures:
        console.print()
        metrics = {name: _estimates(result.figures[name]) for name in ("metrics", "with_known")}
        print_figures(Figures(**{**result.figures, **metrics}), console)
    console.print()
    print_drift(result.drift, console)
    console.print()
    print_fields({"model": result.model, "scores": result.scores, "summary": summary, "log": result.log}, console)


def print_drift(drift: DriftFinding, console: Console) -> None:
    """Prints each distance, whether it counts as drift, and what that means."""
    if drift.features:
        columns = [
            Column("drift"),
            Column("distance", right=True),
            Column("at most", right=True),
            Column("outcome"),
            Column("measure"),
        ]
        rows = [
            (
                feature.name,
                "" if feature.distance is None else f"{feature.distance:.3f}",
                f"{feature.threshold:.3f}",
                _judged(feature),
                feature.measure,
            )
            for feature in drift.features
        ]
        print_table(columns, rows, console)
    reasons = dict.fromkeys(feature.reason for feature in drift.features if feature.reason)
    for words in (*drift.not_compared, *(f"not judged: {reason}" for reason in reasons), drift.remark):
        console.print(as_text(words), soft_wrap=True)


def _judged(feature: FeatureDrift) -> Text:
    if feature.drifted is None:
        return as_text("not judged")
    return as_text(("drifted", "yellow") if feature.drifted else ("as in training", "green"))


def _submission(result: ScoringResult) -> Submission:
    values = {name: float(value) for name, value in read_table(result.submission_file)}
    return Submission(values, **{key: tuple(names) for key, names in result.submission.items()})


def _estimates(metrics: Mapping[str, Mapping[str, float | None]] | None) -> dict[str, Estimate] | None:
    if metrics is None:
        return None
    return {
        name: Estimate(**{end: math.nan if value is None else value for end, value in ends.items()})
        for name, ends in metrics.items()
    }
