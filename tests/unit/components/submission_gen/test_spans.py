"""Spans of windows that lean to fake."""

from components.submission_gen.rows import FaceRow, WindowRow
from components.submission_gen.spans import Span, leaning_spans

LEFT, RIGHT = [0.1, 0.2, 0.4, 0.7], [0.6, 0.2, 0.9, 0.7]


def window(start_s: float, probability: float, *faces: FaceRow) -> WindowRow:
    return WindowRow(start_s=start_s, end_s=start_s + 10, probability=probability, faces=list(faces))


def face(number: int, probability: float, box: list[float]) -> FaceRow:
    return FaceRow(face=number, probability=probability, times_s=[0.0, 1.0], boxes=[box, box])


def test_windows_that_follow_each_other_are_one_span_and_the_worst_comes_first():
    windows = [window(10 * number, each) for number, each in enumerate([0.1, 0.6, 0.7, 0.2, 0.9, 0.1])]
    assert leaning_spans(windows, 0.5) == [Span(40, 50, 0, 0.9), Span(10, 30, 0, 0.7)]
    assert [span.in_words() for span in leaning_spans(windows, 0.5)] == ["0:40 to 0:50, 0.90", "0:10 to 0:30, 0.70"]
    assert leaning_spans(windows, 0.95) == []


def test_a_gap_between_windows_ends_a_span():
    assert len(leaning_spans([window(0, 0.9), window(20, 0.9)], 0.5)) == 2
    assert len(leaning_spans([window(0, 0.9), window(5, 0.9)], 0.5)) == 1, "windows may overlap"


def test_a_face_is_followed_by_where_it_is_whatever_its_number():
    windows = [
        window(0, 0.8, face(1, 0.1, LEFT), face(2, 0.8, RIGHT)),
        window(10, 0.9, face(1, 0.9, RIGHT), face(2, 0.2, LEFT)),
        window(20, 0.7, face(1, 0.7, LEFT), face(2, 0.3, RIGHT)),
    ]
    assert leaning_spans(windows, 0.5) == [Span(0, 20, 1, 0.9), Span(20, 30, 1, 0.7)]


def test_two_faces_that_lean_are_two_spans():
    windows = [window(start, 0.8, face(1, 0.8, LEFT), face(2, 0.7, RIGHT)) for start in (0, 10)]
    assert leaning_spans(windows, 0.5) == [Span(0, 20, 1, 0.8), Span(0, 20, 2, 0.7)]
    assert leaning_spans([windows[0], window(10, 0.9)], 0.5)[0] == Span(10, 20, 0, 0.9)
