"""Cuts the wanted part out of a frame before its pixels are converted, so that the others are not."""

from fractions import Fraction
from typing import Final

from av.filter import Graph
from av.video.frame import VideoFrame

from components.video_decoding.faces.clip_face import Square

# Each pixel of these is converted by itself. Colours of others may be interpolated, from beyond the part's edge.
_FORMATS: Final = ("yuv420p", "yuvj420p")
# Pixels that share a colour, or are converted at once, stay together.
_ALIGNMENT: Final = 16


class FrameCutter:
    """Cuts frames without copying pixels; for frames alike it makes FFmpeg's filter once."""

    def __init__(self) -> None:
        self._filter: Graph | None = None
        self._made_for: tuple[object, ...] = ()

    def cut(self, frame: VideoFrame, square: Square) -> tuple[VideoFrame, Square]:
        """Gives a part of `frame` that holds `square`, and where the square is in it.

        Converted to BGR, the pixels of the part are those that they are in the whole frame. Where that is not sure,
        the part is the whole frame.
        """
        left, width = _aligned(square.left, square.side, frame.width)
        top, height = _aligned(square.top, square.side, frame.height)
        if frame.format.name not in _FORMATS or frame.width % 2 or frame.height % 2:
            return frame, square
        if (width, height) == (frame.width, frame.height):
            return frame, square
        alike = (frame.width, frame.height, frame.format.name, square)
        if self._filter is None or self._made_for != alike:
            self._filter, self._made_for = _crop_filter(frame, f"{width}:{height}:{left}:{top}:exact=1"), alike
        self._filter.vpush(frame)
        return self._filter.vpull(), Square(square.left - left, square.top - top, square.side)


def _aligned(start: int, length: int, limit: int) -> tuple[int, int]:
    first = start // _ALIGNMENT * _ALIGNMENT
    last = -(-(start + length) // _ALIGNMENT) * _ALIGNMENT
    return first, min(last, limit) - first


def _crop_filter(frame: VideoFrame, arguments: str) -> Graph:
    graph = Graph()
    graph.threads = 1
    # No time is looked at, but there must be a time base.
    source = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, 1000))
    graph.link_nodes(source, graph.add("crop", arguments), graph.add("buffersink")).configure()
    return graph
