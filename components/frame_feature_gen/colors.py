"""From the colours of decoded frames to the BGR that the encoder's frames are made of."""

from fractions import Fraction
from typing import Final, Literal, get_args

import numpy as np
from av.filter import Graph
from av.video.frame import VideoFrame

Color = Literal["sdr", "hdr_as_sdr", "hdr_tone_mapped"]
"""What became of a video's colours: HDR is read as if it were SDR, unless it is tone-mapped."""

Hdr = Literal["as_sdr", "tone_map"]
"""What is done with HDR: it is read as if it were SDR, as OpenCV does, or FFmpeg brings it to BT.709."""
HDR_WAYS: Final = get_args(Hdr)

# SMPTE ST 2084 (PQ) and ARIB STD-B67 (HLG), by their numbers in ITU-T H.273.
_HDR_TRANSFERS: Final = (16, 18)
# Of FFmpeg's intents the one that comes nearest to the picture that an HDR video was made of.
_TO_SDR: Final = "out_transfer=bt709:out_primaries=bt709:out_color_matrix=bt709:intent=relative_colorimetric"


class Colors:
    """Converts the frames of one clip."""

    def __init__(self, hdr: Hdr = "as_sdr") -> None:
        self._tone_maps = hdr == "tone_map"
        self._filter: Graph | None = None
        self._made_for: tuple[object, ...] = ()

    def of(self, frame: VideoFrame) -> Color:
        """Tells what becomes of a frame's colours."""
        if frame.color_trc not in _HDR_TRANSFERS:
            return "sdr"
        return "hdr_tone_mapped" if self._tone_maps else "hdr_as_sdr"

    def to_bgr(self, frame: VideoFrame) -> np.ndarray:
        """Gives a frame's pixels, uint8 [H, W, 3]."""
        if self.of(frame) == "hdr_tone_mapped":
            frame = self._tone_mapped(frame)
        # BT.601 whatever the file declares: so OpenCV reads it, and so the encoder's training images were made.
        return frame.to_ndarray(format="bgr24", src_colorspace="ITU601", dst_colorspace="ITU601", threads=1)

    def _tone_mapped(self, frame: VideoFrame) -> VideoFrame:
        alike = (frame.width, frame.height, frame.format.name, int(frame.colorspace), int(frame.color_range))
        if self._filter is None or self._made_for != alike:
            self._filter, self._made_for = _to_sdr(*alike), alike
        self._filter.vpush(frame)
        return self._filter.vpull()


def _to_sdr(width: int, height: int, pixels: str, colorspace: int, color_range: int) -> Graph:
    graph = Graph()
    graph.threads = 1
    # No time is looked at, but there must be a time base.
    declared = f"video_size={width}x{height}:pix_fmt={pixels}:time_base={Fraction(1, 1000)}"
    source = graph.add("buffer", f"{declared}:colorspace={colorspace}:range={color_range}")
    ends = graph.add("format", "bgr24"), graph.add("buffersink")
    graph.link_nodes(source, graph.add("scale", _TO_SDR), *ends).configure()
    return graph
