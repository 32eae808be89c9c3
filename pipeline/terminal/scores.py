"""Prints scores for people."""

import collections
from collections.abc import Mapping, Sequence
from typing import Final

from rich.text import Text

from components.clock import as_clock
from components.metrics.bootstrap import INTERVAL, Estimate
from components.served_model.folder import ModelFolder
from components.submission_gen.caution import CAUTION_IN_WORDS, Caution, count_cautions
from components.submission_gen.in_training import all_in_words, in_words
from components.submission_gen.metrics import Figures
from components.submission_gen.rows import Row
from components.submission_gen.spans import leaning_spans
from components.submission_gen.submission import Submission
from components.submission_gen.verdict import IN_WORDS, Verdict, ranges_in_words, share_of_fakes_in_words
from components.trainer.architectures.hyperparameters import FrameScore
from pipeline.terminal.console import Console, as_text, print_fields
from pipeline.terminal.table import Column, Shrink, print_table
from pipeline.terminal.timeline import MARGIN, draw_timeline

_COLOURS: Final = {
    Verdict.REAL: "green",
    Verdict.FAKE: "red",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.UNSCORED: "magenta",
}
_NAMES: Final = 3
_SHOWN: Final = 30


def frames_in_words(row: Row) -> str:
    """Returns how many frames were looked at, and what was missing, as text."""
    damage = ", parts of the video are missing or damaged" if row.truncated else ""
    faces = "" if row.face_status == "not_wanted" else f"; faces: {row.face_status}"
    return f"{row.frames} looked at{damage}{faces}"


def evidence_in_words(likelihood_ratio: float) -> str:
    """Returns what a likelihood ratio means, as text."""
    times, which = (likelihood_ratio, "fake") if likelihood_ratio >= 1 else (1 / likelihood_ratio, "real")
    other = {"fake": "real", "real": "fake"}[which]
    return (
        f"{times:.1f} times likelier if it is {which} than if it is {other} (likelihood ratio {likelihood_ratio:.3g})"
    )


def windows_in_words(row: Row) -> str:
    """Returns what parts of the video were looked at, as text."""
    left_out = ", ".join(f"{as_clock(start)} to {as_clock(end)}" for start, end in row.not_looked_at[:_NAMES])
    more = f" and {len(row.not_looked_at) - _NAMES:,} more parts" if len(row.not_looked_at) > _NAMES else ""
    faces = sum(len(window.faces) for window in row.windows)
    of_faces = f", {faces:,} faces in them" if faces else ""
    told = f"{len(row.windows):,} of {as_clock(row.duration_s)}{of_faces}"
    return f"{told}; not looked at: {left_out}{more}" if left_out else told


def spread_in_words(row: Row) -> str:
    """Returns how far the model's members are apart, as text."""
    return f"their probabilities deviate by {row.probability_std:.3f} from their mean (standard deviation)"


def print_video(row: Row, model: ModelFolder, console: Console) -> None:
    """Prints the verdict on one video, how reliable it is, and the scores of its frames over time."""
    verdict, described = Verdict(row.verdict), model.description
    lines: dict[str, str | Text] = {
        "video": row.uri,
        "verdict": as_text((verdict.value, _COLOURS[verdict]), f", {IN_WORDS[verdict]}"),
    }
    if row.probability is None:
        lines["reason"] = f"{row.reason}: {row.detail}" if row.detail else row.reason
    else:
        ranges = ranges_in_words(described.decision_rule)
        lines |= {
            "score": f"{row.probability:.3f}, the probability that it is fake; {ranges}",
            "test": share_of_fakes_in_words(row.probability, model.card),
            **({"evidence": evidence_in_words(row.likelihood_ratio)} if row.likelihood_ratio else {}),
            # Of a single member it says nothing.
            **({"members": spread_in_words(row)} if row.probability_std else {}),
            "frames": frames_in_words(row),
            "training": in_words(row),
        }
    if len(row.windows) > 1:
        lines["windows"] = windows_in_words(row)
    if row.caution:
        lines["caution"] = "; ".join(f"{each}: {CAUTION_IN_WORDS[each]}" for each in row.caution)
    print_fields(lines, console)
    _print_synthetic(model, console)
    if len(row.windows) > 1:
        _print_windows(row, model, console)
    elif row.frame_scores:
        console.print()
        # Attention weights are small: on a scale to 1 no bar would be visible.
        top = max(row.frame_scores) if described.frame_score == FrameScore.ATTENTION.value else 1.0
        for line in draw_timeline(row.frame_scores, row.frame_timestamps_s, top=top, width=console.width):
            console.print(as_text(line), soft_wrap=True)
        console.print(as_text(f"a bar: {described.frame_score}"), soft_wrap=True)
        console.print("it is no measure of how forged that frame is")


def _print_windows(row: Row, model: ModelFolder, console: Console) -> None:
    """Prints the scores of a video's windows over time, and where it leans to fake."""
    spans = leaning_spans(row.windows, model.description.threshold)
    more = f"; and {len(spans) - _NAMES:,} more spans" if len(spans) > _NAMES else ""
    told = "; ".join(span.in_words() for span in spans[:_NAMES]) + more
    print_fields({"to fake": told or "no window leans to it"}, console)
    console.print()
    together = -(-len(row.windows) // max(console.width - MARGIN, 1))
    groups = [row.windows[start : start + together] for start in range(0, len(row.windows), together)]
    highest = [max(each.probability for each in group) for group in groups]
    for line in draw_timeline(highest, [group[0].start_s for group in groups], label=as_clock, width=console.width):
        console.print(as_text(line), soft_wrap=True)
    bar = "one window" if together == 1 else f"the highest of {together} windows"
    console.print(as_text(f"a bar: the probability of {bar}, as if it was a video of its own"), soft_wrap=True)


def print_videos(rows: Sequence[Row], model: ModelFolder, console: Console, *, all_in: str) -> None:
    """Prints the verdicts on many videos, the highest probabilities first, and the number of each verdict."""
    cautions = count_cautions(row.caution for row in rows)
    marks = {name: str(number) for number, name in enumerate(cautions, 1)}
    columns = [
        Column("verdict"),
        Column("score", right=True),
        *([Column("in training")] if any(row.in_training == "true" for row in rows) else []),
        *([Column("caution")] if marks else []),
        *([Column("reason")] if any(row.reason for row in rows) else []),
        Column("video", shrinks=Shrink.MIDDLE),
    ]
    ordered = sorted(rows, key=lambda row: (row.probability is None, -(row.probability or 0.0), row.uri))
    cells = [_cells(row, marks) for row in ordered[:_SHOWN]]
    print_table(columns, [[cell[column.heading] for column in columns] for cell in cells], console)
    if len(rows) > _SHOWN:
        console.print(f"and {len(rows) - _SHOWN:,} more; {all_in} holds all")
    console.print()
    counts = collections.Counter(row.verdict for row in rows)
    told = ", ".join(f"{counts[verdict.value]:,} {verdict.value}" for verdict in Verdict if counts[verdict.value])
    lines = {
        "verdicts": f"{told}; {ranges_in_words(model.description.decision_rule)}",
        "training": all_in_words(rows),
    }
    for name, count in cautions.items():
        videos = f"{count:,} video{'s' * (count > 1)}"
        lines[f"caution {marks[name]}"] = f"{name}, {videos}: {CAUTION_IN_WORDS[name]}"
    print_fields(lines, console)
    _print_synthetic(model, console)


def print_submission(path: str, submission: Submission, prior: float, console: Console) -> None:
    """Prints how the submission was filled, and each difference between the sample and the disk."""
    scored = len(submission.values) - len(submission.missing) - len(submission.unscored)
    filled = f", {len(submission.values) - scored:,} at the prior {prior:g}"
    lines = {"submission": f"{path}: {len(submission.values):,} rows, {scored:,} scored{filled}"}
    for name, found in (
        ("not there", submission.missing),
        ("unscored", submission.unscored),
        ("not asked", submission.extra),
    ):
        if found:
            more = f" and {len(found) - _NAMES:,} more" if len(found) > _NAMES else ""
            count = f"{len(found):,} video{'s' * (len(found) > 1)}"
            lines[name] = f"{count}: {', '.join(found[:_NAMES])}{more}"
    print_fields(lines, console)


def print_figures(figures: Figures, console: Console) -> None:
    """Prints log loss and AUC on labelled videos, with counts and intervals, or why there are none."""
    if figures.metrics is None:
        console.print(as_text((f"no figures: {figures.refused}", "yellow")), soft_wrap=True)
        return
    both = figures.with_known or {}
    columns = [
        Column("given labels"),
        Column("value", right=True),
        Column("95 % interval", right=True),
        *([Column("with known videos", right=True)] if both else []),
    ]
    rows = [
        (name, *_estimate(found), *([" (".join(filter(None, _estimate(both[name]))) + ")"] if both else []))
        for name, found in figures.metrics.items()
    ]
    print_table(columns, rows, console)
    of = ", ".join(f"{count:,} {label}" for label, count in figures.videos.items())
    without = f"; {figures.left_out:,} labelled videos left out, which could not be scored" if figures.left_out else ""
    known = f"; {figures.known:,} left out, which the model was trained on" if figures.known else ""
    console.print(f"{of}, in {figures.groups:,} groups{without}{known}; {INTERVAL}", soft_wrap=True)


def _estimate(found: Estimate) -> tuple[str, str]:
    if found.value != found.value:
        return "undefined", ""
    return f"{found.value:.3f}", f"{found.low:.3f} to {found.high:.3f}"


def _cells(row: Row, marks: Mapping[Caution, str]) -> dict[str, str | Text]:
    verdict = Verdict(row.verdict)
    return {
        "verdict": as_text((verdict.value, _COLOURS[verdict])),
        "score": "" if row.probability is None else f"{row.probability:.3f}",
        "in training": row.in_training,
        "caution": " ".join(marks[each] for each in row.caution),
        "reason": row.reason,
        "video": row.uri,
    }


def _print_synthetic(model: ModelFolder, console: Console) -> None:
    if model.synthetic:
        told = "the model comes from synthetic videos: its figures say nothing of real forgeries"
        console.print(as_text((told, "yellow")), soft_wrap=True)
