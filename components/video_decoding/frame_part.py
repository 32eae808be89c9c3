"""Cuts the wanted part out of a frame before conversion, so that only its pixels are converted."""

from fractions import Fraction
from typing import Final

from av.filter import Graph
from av.video.frame import VideoFrame

from components.video_decoding.faces.clip_face import Square

# Pixels of these are converted independently. For others, colours may be interpolated from beyond the part's edge.
_FORMATS: Final = ("yuv420p", "yuvj420p")
# Keeps together pixels that share chroma or are converted in one vector.
_ALIGNMENT: Final = 16


class FrameCutter:
    """Cuts frames without copying pixels; FFmpeg's filter is reused for frames of the same size and format."""

    def __init__(self) -> None:
        self._filter: Graph | None = None
        self._made_for: tuple[object, ...] = ()

    def cut(self, frame: VideoFrame, square: Square) -> tuple[VideoFrame, Square]:
        """Returns a part of `frame` that contains `square`, and the square's position in it.

        Converted to BGR, the part's pixels equal those of the converted whole frame. If that is not certain, the part
        is the whole frame.
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
    # Times are not used, but the buffer requires a time base.
    source = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, 1000))
    graph.link_nodes(source, graph.add("crop", arguments), graph.add("buffersink")).configure()
    return graph
