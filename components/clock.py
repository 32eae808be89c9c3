"""Times within a video, as players show them."""

import math
import re
from typing import Final

_CLOCK: Final = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)")


def as_clock(seconds: float) -> str:
    """Returns a time like 1:10, 0:02.5 or 2:00:00, to a tenth of a second."""
    tenths = round(10 * seconds)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    second = f"{rest // 10:02d}" + (f".{rest % 10}" if rest % 10 else "")
    return f"{hours}:{minutes:02d}:{second}" if hours else f"{minutes}:{second}"


def read_clock(text: str) -> float:
    """Returns the seconds of a time like 1:10, 0:02.5, 2:00:00, or 90.

    Raises:
        ValueError: if it is none.
    """
    found = _CLOCK.fullmatch(text.strip())
    hours, minutes, seconds = (float(each or 0) for each in found.groups()) if found else (math.inf,) * 3
    total = 3600 * hours + 60 * minutes + seconds
    if not math.isfinite(total):
        raise ValueError(f"{text[:40]!r} is no time like 90, 1:30 or 1:02:30")
    return total
