"""The spans of a video that lean to fake."""

import dataclasses
from collections.abc import Sequence

from components.clock import as_clock
from components.submission_gen.rows import WindowRow


@dataclasses.dataclass(frozen=True)
class Span:
    """Windows that follow each other.

    Attributes:
        start_s: where the first one starts.
        end_s: where the last one ends.
        face: the number of the face in them; 0 if none was scored.
        probability: the highest of the windows'.
    """

    start_s: float
    end_s: float
    face: int
    probability: float

    def in_words(self) -> str:
        """Returns the span as text."""
        face = f", face {self.face}" if self.face else ""
        return f"{as_clock(self.start_s)} to {as_clock(self.end_s)}{face}, {self.probability:.2f}"


def leaning_spans(windows: Sequence[WindowRow], threshold: float) -> list[Span]:
    """Returns the spans whose windows are at or above the threshold, the highest probability first.

    Args:
        windows: of a video, in order of time.
        threshold: of the model.
    """
    open_spans: dict[int, Span] = {}
    spans: list[Span] = []
    for window in windows:
        scores = {face.face: face.probability for face in window.faces} or {0: window.probability}
        leaning = {face: probability for face, probability in scores.items() if probability >= threshold}
        spans += [span for face, span in open_spans.items() if face not in leaning or span.end_s < window.start_s]
        open_spans = {
            face: _extended(open_spans.get(face), Span(window.start_s, window.end_s, face, probability))
            for face, probability in leaning.items()
        }
    return sorted([*spans, *open_spans.values()], key=lambda span: -span.probability)


def _extended(before: Span | None, span: Span) -> Span:
    if before is None or before.end_s < span.start_s:
        return span
    return dataclasses.replace(before, end_s=span.end_s, probability=max(before.probability, span.probability))
