"""The spans of a video that lean to fake."""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Final

from components.clock import as_clock
from components.submission_gen.rows import WindowRow

_SAME_OVERLAP: Final = 0.1

_Box = Sequence[float]


@dataclasses.dataclass(frozen=True)
class Span:
    """Windows that follow each other, of one face.

    Attributes:
        start_s: where the first one starts.
        end_s: where the last one ends.
        face: its number in the window with the highest probability; 0 if no face was scored.
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

    def extended(self, other: "Span") -> "Span":
        """Returns the span of both, of which the other one ends later."""
        higher = max(self, other, key=lambda span: span.probability)
        return dataclasses.replace(higher, start_s=self.start_s, end_s=other.end_s)


def leaning_spans(windows: Sequence[WindowRow], threshold: float) -> list[Span]:
    """Returns the spans whose windows are at or above the threshold, the highest probability first.

    Windows that follow each other are in one span if a face is in the one where it was in the other: its number need
    not be the same.

    Args:
        windows: of a video, in order of time.
        threshold: of the model.
    """
    spans: list[Span] = []
    open_spans: list[tuple[Span, _Box]] = []
    for window in windows:
        going_on = []
        for span, first, last in _leaning(window, threshold):
            before = next((each for each in open_spans if _goes_on(each, window, first)), None)
            if before:
                open_spans.remove(before)
            going_on.append((before[0].extended(span) if before else span, last))
        spans += [span for span, _ in open_spans]
        open_spans = going_on
    return sorted([*spans, *(span for span, _ in open_spans)], key=lambda span: -span.probability)


def _leaning(window: WindowRow, threshold: float) -> Iterator[tuple[Span, _Box, _Box]]:
    """Yields each leaning face of a window, or the window itself if none was scored, with its first and last box."""
    for face in window.faces:
        if face.probability >= threshold:
            span = Span(window.start_s, window.end_s, face.face, face.probability)
            yield span, face.boxes[0], face.boxes[-1]
    if not window.faces and window.probability >= threshold:
        yield Span(window.start_s, window.end_s, 0, window.probability), (), ()


def _goes_on(before: tuple[Span, _Box], window: WindowRow, box: _Box) -> bool:
    span, last = before
    if span.end_s < window.start_s or bool(last) != bool(box):
        return False
    return not box or _overlap(last, box) > _SAME_OVERLAP


def _overlap(one: _Box, other: _Box) -> float:
    """Returns the intersection over union of two boxes: left, top, right, bottom."""
    across, down = (min(one[side + 2], other[side + 2]) - max(one[side], other[side]) for side in (0, 1))
    both = max(across, 0.0) * max(down, 0.0)
    areas = ((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return both / max(sum(areas) - both, 1e-9)
