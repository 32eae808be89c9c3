"""The scores of a video's frames as a chart of characters."""

from collections.abc import Sequence
from typing import Final

_BLOCKS: Final = " ▁▂▃▄▅▆▇█"
_ROWS: Final = 4
_BAR: Final = 3
_MARGIN: Final = 5


def draw_timeline(scores: Sequence[float], timestamps_s: Sequence[float], *, top: float = 1.0) -> list[str]:
    """Draws a bar for each frame, from 0 to `top`, above the times of some of them.

    Args:
        scores: of N frames, N at least 1.
        timestamps_s: seconds, in the same order.
        top: the score of a bar of full height, above zero.

    Returns:
        Lines of equal meaning from top to bottom, without trailing blanks; the last one holds the times.
    """
    steps = len(_BLOCKS) - 1
    heights = [round(min(max(score / top, 0.0), 1.0) * _ROWS * steps) for score in scores]
    lines = []
    for row in reversed(range(_ROWS)):
        label = f"{top:.2f}" if row == _ROWS - 1 else "0.00" if row == 0 else ""
        # A frame with a score of nearly zero still has its place.
        filled = [min(max(height - row * steps, 1 if row == 0 else 0), steps) for height in heights]
        bars = " ".join(_BLOCKS[height] * (_BAR - 1) for height in filled)
        lines.append(f"{label:>{_MARGIN - 1}} {bars}".rstrip())
    return [*lines, _times(timestamps_s)]


def _times(timestamps_s: Sequence[float]) -> str:
    line = ""
    for index, time in enumerate(timestamps_s):
        start = _MARGIN + index * _BAR
        # A time is left out where the one before it needs the room.
        if not line or start > len(line):
            line = f"{line:<{start}}{time:.1f}s"
    return line
