import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.terminal.timeline import draw_timeline


def test_bars_rise_with_the_scores_above_their_times():
    assert draw_timeline([0.0, 0.25, 0.5, 1.0], [0.0, 0.4, 0.8, 12.4]) == [
        "1.00          ██",
        "              ██",
        "           ██ ██",
        "0.00 ▁▁ ██ ██ ██",
        "     0.0s  0.8s",
    ]


def test_shares_are_drawn_up_to_the_largest():
    lines = draw_timeline([0.05, 0.1], [0.0, 1.0], top=0.1)
    assert lines[0] == "0.10    ██"
    assert lines[1:3] == ["        ██", "     ██ ██"]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_each_frame_has_a_bar_at_its_place_and_no_line_is_wide(scores):
    lines = draw_timeline(scores, [float(index) for index in range(len(scores))])
    bottom = lines[-2]
    assert [bottom[5 + 3 * index] != " " for index in range(len(scores))] == [True] * len(scores)
    assert len(bottom) == 5 + 3 * len(scores) - 1
    assert all(len(line) <= 70 for line in lines)


@pytest.mark.parametrize("count", [1, 20])
def test_first_time_is_always_there(count):
    assert draw_timeline([0.5] * count, [0.0] * count)[-1].startswith("     0.0s")
