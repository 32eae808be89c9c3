"""Handles the colours of high dynamic range (HDR) videos."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Final, Literal, get_args

from av.error import FFmpegError
from av.filter import Graph
from av.video.frame import VideoFrame

Color = Literal["sdr", "hdr_tone_mapped", "hdr_as_sdr"]
"""How a video's colours were handled, best first: HDR is read as if it were SDR unless it is tone-mapped."""

Hdr = Literal["as_sdr", "tone_map"]
"""How HDR is to be handled."""

# SMPTE ST 2084 (PQ) and ARIB STD-B67 (HLG), by their numbers in ITU-T H.273.
_HDR_TRANSFERS: Final = (16, 18)
# The cropper reads the pixels as BT.601.
_TO_SDR: Final = "out_transfer=bt709:out_primaries=bt709:out_color_matrix=bt601:out_range=limited"


class Colors:
    """Converts the colours of one clip's frames; SDR frames are left as they are."""

    def __init__(self, hdr: Hdr) -> None:
        self._hdr = hdr
        self._filter: Graph | None = None
        self._made_for: tuple[object, ...] = ()

    def of(self, frame: VideoFrame) -> tuple[VideoFrame, Color]:
        """Returns the frame to take pixels from, and how its colours were handled.

        Colours that FFmpeg cannot convert, such as ICtCp, are read as if they were SDR.
        """
        if frame.color_trc not in _HDR_TRANSFERS:
            return frame, "sdr"
        if self._hdr == "as_sdr":
            return frame, "hdr_as_sdr"
        try:
            return self._tone_mapped(frame), "hdr_tone_mapped"
        except MemoryError:
            raise
        except FFmpegError:
            self._filter = None
            return frame, "hdr_as_sdr"

    def _tone_mapped(self, frame: VideoFrame) -> VideoFrame:
        # On its first frame the filter builds a lookup table, which takes seconds.
        alike = (frame.width, frame.height, frame.format.name)
        if self._filter is None or self._made_for != alike:
            self._filter, self._made_for = _tone_mapping_filter(frame), alike
        self._filter.vpush(frame)
        return self._filter.vpull()


def worst_color(colors: Iterable[Color]) -> Color:
    """Returns the worst of the frames' values, which is reported for the clip."""
    return max(colors, key=get_args(Color).index, default="sdr")


def _tone_mapping_filter(frame: VideoFrame) -> Graph:
    graph = Graph()
    graph.threads = 1
    # Times are not used, but the buffer requires a time base.
    source = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, 1000))
    nodes = graph.add("scale", _TO_SDR), graph.add("format", "yuv420p"), graph.add("buffersink")
    graph.link_nodes(source, *nodes).configure()
    return graph
