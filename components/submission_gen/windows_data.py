"""The windows of a row as the script of the pages takes them."""

import dataclasses
from typing import Any

from components.submission_gen.rows import Row
from components.submission_gen.spans import leaning_spans


def windows_data(row: Row, threshold: float, *, start_s: float, end_s: float) -> dict[str, Any] | None:
    """Returns the windows, the spans that lean to fake, and what part of the video is shown; None for a single clip.

    Args:
        row: of the video.
        threshold: of the model.
        start_s: where the part that can be played starts.
        end_s: where it ends at the latest.
    """
    if len(row.windows) < 2 and not any(window.faces for window in row.windows):
        return None
    duration = row.duration_s or row.windows[-1].end_s
    return {
        "windows": [dataclasses.asdict(window) for window in row.windows],
        "spans": spans_data(row, threshold),
        "threshold": threshold,
        "duration": duration,
        "played": {"start": start_s, "end": min(end_s, duration)},
    }


def spans_data(row: Row, threshold: float) -> list[dict[str, Any]]:
    """Returns the spans that lean to fake, the worst first."""
    spans = leaning_spans(row.windows, threshold) if len(row.windows) > 1 else []
    return [{"start_s": span.start_s, "words": span.in_words()} for span in spans]
