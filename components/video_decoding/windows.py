"""Places windows of time in a video."""

import dataclasses
import math
from typing import Final, NamedTuple


class Window(NamedTuple):
    """A span of a video, in seconds since its start; the end is not part of it, unless it is the video's."""

    start_s: float
    end_s: float


@dataclasses.dataclass(frozen=True)
class Windowing:
    """How a video is cut into windows.

    Attributes:
        length_s: about how long a window is; 0 for all of the video.
        hop_s: about how far apart the starts of two windows are, at most `length_s`; 0 for `length_s`.
        from_s: where the first window starts.
        to_s: where the last window ends, or at the end of the video if that is earlier; 0 for that end.
        most: the most windows that are looked at, evenly spread; 0 for all.
    """

    length_s: float = 0.0
    hop_s: float = 0.0
    from_s: float = 0.0
    to_s: float = 0.0
    most: int = 0


WHOLE: Final = Windowing()


def place_windows(windowing: Windowing, duration_s: float) -> list[Window]:
    """Places the windows in a video of this duration, in order; none if it ends before `from_s`.

    They are of equal length, to the millisecond, and cover the span evenly, so that a video of up to one and a half
    windows has one.
    """
    start, end = windowing.from_s, min(windowing.to_s or duration_s, duration_s)
    if start >= end and (start > 0 or windowing.to_s):
        return []
    span = end - start
    length = windowing.length_s or span
    hop = windowing.hop_s or length
    count = max(1, _round(1 + (span - length) / hop)) if length else 1
    # In windows, how much longer or shorter than asked for they are.
    scale = span / (length + (count - 1) * hop) if length else 1.0
    starts = [start + number * hop * scale for number in range(count)]
    ends = [each + length * scale for each in starts[:-1]] + [end]
    windows = [
        Window(to_milliseconds(start_s), to_milliseconds(end_s)) for start_s, end_s in zip(starts, ends, strict=True)
    ]
    return _spread(windows, windowing.most) if windowing.most else windows


def to_milliseconds(seconds: float) -> float:
    """Rounds a time so that a window is found again by its ends, which examples hold as float32."""
    return round(seconds, 3)


def _round(number: float) -> int:
    # Half a window more does not make another one.
    return math.ceil(number - 0.5)


def _spread(windows: list[Window], most: int) -> list[Window]:
    count = min(most, len(windows))
    return [windows[(2 * number + 1) * len(windows) // (2 * count)] for number in range(count)]
