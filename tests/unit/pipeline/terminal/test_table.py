"""Verdicts, figures and reasons are never cut at any width, but paths are."""

import io

import pytest
from hostile_names import assert_harmless, names
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from components.printable import printable
from pipeline.terminal.console import Console
from pipeline.terminal.table import Column, Shrink, print_table, without_middle

COLUMNS = [
    Column("verdict"),
    Column("score", right=True),
    Column("reason"),
    Column("video", shrinks=Shrink.MIDDLE),
]
WIDTHS = [20, 40, 60, 80, 120]


def printed(rows: list[tuple[str, ...]], width: int | None) -> list[str]:
    text = io.StringIO()
    print_table(COLUMNS, rows, Console(text, width=width))
    assert_harmless(text.getvalue())
    return text.getvalue().splitlines()


@pytest.mark.parametrize("width", WIDTHS)
@given(names=st.lists(names, min_size=1, max_size=4))
def test_only_paths_give_way_and_no_line_is_longer_than_the_terminal(width, names):
    rows = [("INCONCLUSIVE", f"0.{index:03d}", "unreadable_container", name) for index, name in enumerate(names)]
    lines = printed(rows, width)
    text = "\n".join(lines)
    for index in range(len(rows)):
        assert f"0.{index:03d}" in text
    assert text.count("INCONCLUSIVE") == text.count("unreadable_container") == len(rows)
    # The longest reason needs 29 characters with its heading.
    assert all(cell_len(line) <= max(width, 29) for line in lines)


@pytest.mark.parametrize("ruled", [False, True])
@pytest.mark.parametrize("width", range(12, 60))
def test_figures_are_whole_at_every_width(width, ruled):
    row = ("12,345", "12.3 GB", "2026-11-28", "a.mp4")
    columns = [Column(heading, right=True) for heading in ("count", "size", "newest")]
    text = io.StringIO()
    print_table([*columns, Column("video", shrinks=Shrink.MIDDLE)], [row], Console(text, width=width), ruled=ruled)
    assert all(cell in text.getvalue() for cell in row)


@given(names)
def test_a_pipe_gets_all_in_one_line_each(name):
    _, line = printed([("FAKE", "0.914", "", name)], None)
    assert line.split()[:2] == ["FAKE", "0.914"]
    assert line.endswith(printable(name).rstrip())


@pytest.mark.parametrize("width", WIDTHS[1:])
def test_a_short_path_is_whole_beside_a_long_one(width):
    lines = printed([("FAKE", "0.914", "", "clip.mp4"), ("REAL", "0.103", "", "/data" * 40 + "/last.mp4")], width)
    assert any(line.endswith("clip.mp4") for line in lines)
    assert any("…" in line and line.endswith("/last.mp4") for line in lines)


@given(st.text(), st.integers(3, 80))
def test_the_middle_is_left_out_and_both_ends_stay(line, width):
    line = printable(line)
    short = without_middle(line, width)
    assert cell_len(short) <= width
    assert short == line or (cell_len(short) == width and "…" in short)


def test_wide_characters_take_two_cells():
    assert without_middle("日本語" * 10 + ".mp4", 16) == "日本 …日本語.mp4"
    (first, *_) = printed([("FAKE", "0.914", "", "日本語" * 40)], 60)
    assert first.startswith("verdict")


def test_prose_wraps_between_its_words():
    text = io.StringIO()
    columns = [Column("rule", shrinks=Shrink.WRAP), Column("outcome")]
    print_table(columns, [("log_loss against the baseline, upper end", "failed")], Console(text, width=30))
    assert [line.split() for line in text.getvalue().splitlines()][1:] == [
        ["log_loss", "against", "the", "failed"],
        ["baseline,", "upper", "end"],
    ]
