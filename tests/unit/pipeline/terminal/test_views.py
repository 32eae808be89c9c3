"""How rows and results are shown: names cannot disturb it, and the important parts are visible at any width."""

import io
from typing import Any

import numpy as np
import pytest
import rich.console
from hostile_names import assert_harmless, names
from hypothesis import given, settings
from rich.cells import cell_len

from components.auditor.finding import Audit
from components.drift_validator.finding import DriftFinding, FeatureDrift
from components.frame_feature_gen.outcome import Outcome
from components.printable import printable
from components.quarantine import QuarantineRow
from components.served_model.folder import open_model
from components.served_model.scored import Scored
from components.submission_gen.scorer import Scorer
from components.submission_gen.submission import Submission
from pipeline.runs.lineage import Ancestor, KnownArtifact, Lineage
from pipeline.submission.progress import FAILED, NodeState, RunState, print_end
from pipeline.terminal.console import Console
from pipeline.terminal.extraction import render
from pipeline.terminal.lineage import print_lineage
from pipeline.terminal.nodes import NodeTable
from pipeline.terminal.scores import print_submission, print_video, print_videos
from pipeline.terminal.scoring import print_drift
from pipeline.terminal.training import print_audit

WIDTHS = [40, 60, 80, 120]
LONG = "/srv/" + "very_long_folder/" * 20
WIDE = "動画" * 60
REASON = "unreadable_container"


def consoles(width: int | None) -> list[Any]:
    """Our console, and Rich's own, which interprets markup."""
    return [Console(io.StringIO(), width=width), rich.console.Console(file=io.StringIO(), width=width or 10_000)]


def text_of(console: Any) -> str:
    text = console.file.getvalue()
    assert_harmless(text)
    return text


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    from brightness_model import write_brightness_model

    return open_model(str(write_brightness_model(tmp_path_factory.mktemp("models") / "1795571968")))


@pytest.fixture(scope="module")
def row(model):
    """Makes a row of a video without a score."""
    scorer = Scorer("1", model.description.model_digest, model.description.decision_rule)

    def make(uri: str, reason: str = REASON, detail: str = ""):
        return scorer.unscored(QuarantineRow(uri, uri, "decode", reason, detail))

    return make


@pytest.fixture(scope="module")
def scored(model):
    """Makes a row of a video with a score, and with twenty frames."""
    scorer = Scorer("1", model.description.model_digest, model.description.decision_rule)

    def make(uri: str, probability: float, spread: float | None = None):
        import dataclasses

        bare = scorer.scored_features(Scored(probability, 0.1 * (np.arange(20) % 10), spread), 20)
        return dataclasses.replace(bare, uri=uri, frame_timestamps_s=[index * 0.5 for index in range(20)])

    return make


@given(name=names)
@settings(deadline=None, max_examples=50)
def test_names_of_videos_do_nothing(model, row, scored, name):
    for console in consoles(80):
        print_videos([row(name), row(f"{name}2", name), scored(name, 0.93)], model, console, all_in=name)
        print_video(row(name, REASON, name), model, console)
        print_video(scored(name, 0.5), model, console)
        print_submission(name, Submission({name: 0.5, "a": 0.5}, (name,), (name,), (name,)), 0.5, console)
        text = text_of(console)
        assert f"reason     {REASON}: {printable(name)}\n" in text
        assert f"video      {printable(name)}\n" in text
        assert f"not there  1 video: {printable(name)}\n" in text
        assert text.count("0.930") == 1


@pytest.mark.parametrize(("spread", "told"), [(0.0625, True), (0.0, False), (None, False)])
def test_the_spread_of_members_is_told_where_there_is_one(model, scored, spread, told):
    for console in consoles(80):
        print_video(scored("a.mp4", 0.5, spread), model, console)
        assert ("deviate by 0.062 from their mean" in " ".join(text_of(console).split())) is told


@given(name=names)
@settings(deadline=None, max_examples=50)
def test_names_elsewhere_do_nothing(name):
    lineage = Lineage(
        model=name,
        store=name,
        data_root=name,
        data_fingerprint=name,
        code_versions={name: name},
        pushed=1,
        executions=[Ancestor(1, name, name, name, {name: name, "settings": {name: name}}, {name: [2]}, {name: [1]})],
        artifacts={number: KnownArtifact(number, name, f"x{name}", {}) for number in (1, 2)},
    )
    drifted = FeatureDrift(name, name, 0.5, 0.1, None, name, 1, 1)
    run = RunState(FAILED, [NodeState(name, FAILED, None, name)], name)
    for console in consoles(80):
        print_lineage(lineage, console)
        render([Outcome("", name, "quarantined", reason=name, detail=name), Outcome("", name, "cached")], name, console)
        print_audit(Audit(name, name, [], warning=name), console)
        print_drift(DriftFinding([drifted], [name], name), console)
        print_end(run, name, name, console)
        table = NodeTable([name], lambda node: (name, name), console)
        table.start(name)
        table.finish(name)
        console.print(table.render())
        text = text_of(console)
        assert f"data  {printable(name)}, fingerprint {printable(name)}\n" in text
        assert f"{printable(name)} failed: {printable(name)}\n" in text


@pytest.mark.parametrize("uri", [LONG + "clip.mp4", WIDE + "clip.mp4"], ids=["long", "wide"])
@pytest.mark.parametrize("width", [*WIDTHS, None])
def test_scores_show_verdict_score_and_reason_at_any_width(model, row, scored, width, uri):
    console = Console(io.StringIO(), width=width)
    print_videos([row(uri), scored(f"a{uri}", 0.934), scored("b.mp4", 0.5)], model, console, all_in="--out FILE")
    text = text_of(console)
    table = text[: text.index("verdicts")]
    for word in ("FAKE", "INCONCLUSIVE", "UNSCORED", "0.934", "0.500", REASON, "clip.mp4", "b.mp4"):
        assert word in table
    if width is None:
        assert f"  {uri}\n" in table
    else:
        assert all(cell_len(line) <= width for line in table.splitlines())


@pytest.mark.parametrize("width", [*WIDTHS, None])
def test_the_chart_fits_and_has_all_frames(model, scored, width):
    console = Console(io.StringIO(), width=width)
    print_video(scored("a.mp4", 0.9), model, console)
    chart = text_of(console).partition("1.00")[2].partition("a bar:")[0]
    assert all(cell_len(line) <= (width or 120) for line in chart.splitlines())
    bottoms = [line[5:] for line in chart.splitlines() if line.startswith("0.00")]
    bars = (3, 2, 1)[[3 * 20 + 5, 2 * 20 + 5, 20 + 5].index(next(w for w in (65, 45, 25) if w <= (width or 120)))]
    assert len("".join(bottoms)[::bars]) == 20


@pytest.mark.parametrize("width", [*WIDTHS, None])
def test_extraction_shows_reason_and_count_at_any_width(width):
    outcomes = [Outcome("", LONG + "clip.mp4", "quarantined", reason=REASON, detail="d" * 200)] * 1234
    console = Console(io.StringIO(), width=width)
    render([*outcomes, Outcome("", "b.mp4", "decoded")], LONG, console)
    text = text_of(console)
    table = text[: text.index("feature cache")]
    for word in (f"quarantined: {REASON}", "1,234", "clip.mp4", "features, decoded"):
        assert word in table
    assert f"feature cache {LONG}\n" in text
    if width is None:
        assert LONG + "clip.mp4" in table
        assert "d" * 200 in table
    else:
        assert all(cell_len(line) <= max(width, 58) for line in table.splitlines())


@pytest.mark.parametrize("width", [*WIDTHS, None])
def test_the_table_of_nodes_is_never_wider_than_the_terminal(width):
    console = Console(io.StringIO(), width=width)
    table = NodeTable(["FrameFeatureGen"], lambda node: ("done", "train 120, eval 20, test 40, 180 cached"), console)
    table.start("FrameFeatureGen")
    table.finish("FrameFeatureGen")
    console.file = io.StringIO()
    console.print(table.render())
    text = text_of(console)
    assert text.splitlines()[1].split()[:4] == ["FrameFeatureGen", "done", "0.0", "s"]
    assert {"train", "120,", "eval", "20,", "180", "cached"} <= set(text.split())
    assert all(cell_len(line) <= max(width, 43) for line in text.splitlines() if width)


@pytest.mark.parametrize("width", [*WIDTHS, None])
def test_lineage_shortens_values_on_a_terminal_only(width):
    execution = Ancestor(1, "Pusher", "run", "2026-11-28T09:58:01.000", {"card": "x" * 200}, {"model": [2]}, {"p": [1]})
    artifacts = {1: KnownArtifact(1, "t", "u", {}), 2: KnownArtifact(2, "t", LONG + "model/9", {})}
    console = Console(io.StringIO(), width=width)
    print_lineage(Lineage("model/1", "store", "data", "0", {}, 1, [execution], artifacts), console)
    tree = text_of(console).partition("\n\n")[0]
    assert "model/9" in tree
    assert ("x" * 200 in tree) == (LONG in tree) == (width is None)
    assert all(cell_len(line) <= width for line in tree.splitlines() if width)
