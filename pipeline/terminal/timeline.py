"""Draws the scores of a video's frames as a text chart."""

from collections.abc import Callable, Sequence
from typing import Final

_BLOCKS: Final = " ▁▂▃▄▅▆▇█"
_ROWS: Final = 4
_BARS: Final = (3, 2, 1)
MARGIN: Final = 5
"""Characters to the left of the first bar."""

_LEAST: Final = 10


def draw_timeline(
    scores: Sequence[float],
    timestamps_s: Sequence[float],
    *,
    top: float = 1.0,
    width: int = 80,
    label: Callable[[float], str] = "{:.1f}s".format,
) -> list[str]:
    """Draws a bar for each frame, from 0 to `top`, above the times of some frames.

    Bars are narrower if there is less room; frames that still do not fit go into another chart below.

    Args:
        scores: scores of N >= 1 frames.
        timestamps_s: in seconds, in the same order.
        top: the score that fills a bar, above zero.
        width: the longest line in characters.
        label: returns a time as text.

    Returns:
        Lines from top to bottom, without trailing blanks; the last line of each chart contains the times.
    """
    room = max(width - MARGIN, _LEAST)
    bar = next((bar for bar in _BARS if len(scores) * bar <= room), _BARS[-1])
    lines = []
    for start in range(0, len(scores), room // bar):
        shown = slice(start, start + room // bar)
        lines += _chart(scores[shown], top, bar)
        lines.append(_times([label(time) for time in timestamps_s[shown]], bar, MARGIN + room))
    return lines


def _chart(scores: Sequence[float], top: float, bar: int) -> list[str]:
    steps = len(_BLOCKS) - 1
    heights = [round(min(max(score / top, 0.0), 1.0) * _ROWS * steps) for score in scores]
    # Bars of one character have no gap between them.
    filled = max(bar - 1, 1)
    lines = []
    for row in reversed(range(_ROWS)):
        label = f"{top:.2f}" if row == _ROWS - 1 else "0.00" if row == 0 else ""
        # Scores near zero remain visible.
        levels = [min(max(height - row * steps, 1 if row == 0 else 0), steps) for height in heights]
        bars = "".join(f"{_BLOCKS[level] * filled:<{bar}}" for level in levels)
        lines.append(f"{label:>{MARGIN - 1}} {bars}".rstrip())
    return lines


def _times(labels: Sequence[str], bar: int, width: int) -> str:
    line = ""
    for index, told in enumerate(labels):
        start = MARGIN + index * bar
        # Omit a time that would overlap the one before it or exceed the line.
        if not line or (start > len(line) and start + len(told) <= width):
            line = f"{line:<{start}}{told}"
    return line
