"""Run with VIDEO and PREVIEW: writes a small mp4 of the first minute, and prints a description of it."""

import fractions
import itertools
import sys
from collections.abc import Iterator
from typing import Final

import av

from components.video_decoding.container import open_video
from components.video_decoding.orientation import Orientation, Orientations

_SECONDS: Final = 60
_SIDE: Final = 480
_BIT_RATE: Final = 800_000
_FPS: Final = 30
_MILLISECOND: Final = fractions.Fraction(1, 1000)


def write_preview(source: str, target: str) -> str:
    """Writes an upright H.264 mp4 without sound, its shorter side at most 480 pixels, and returns a description of it.

    Raises:
        VideoError: if the video cannot be opened.
        av.FFmpegError: if its first frame cannot be decoded.
    """
    with open_video(source) as (container, stream), av.open(target, "w", format="mp4") as output:
        frames = container.decode(stream)
        first = next(frames)
        orientations = Orientations()
        width, height = _fit(*orientations.of(first).shown_size(first.width, first.height))
        written = output.add_stream("libx264", rate=_FPS, options={"preset": "veryfast", "threads": "1"})
        written.width, written.height, written.pix_fmt = width, height, "yuv420p"
        written.bit_rate = _BIT_RATE
        written.codec_context.time_base = _MILLISECOND
        frame_ms = max(1, round(1000 / (stream.average_rate or _FPS)))
        last, cut = -1, False
        for frame in itertools.chain([first], _whole(frames)):
            milliseconds = round(1000 * ((frame.time or 0.0) - (first.time or 0.0)))
            # Players expect increasing timestamps.
            last = milliseconds if milliseconds > last else last + frame_ms
            if last >= 1000 * _SECONDS:
                cut = True
                break
            small = _upright(frame, orientations.of(frame), width, height)
            small.pts, small.time_base = last, _MILLISECOND
            output.mux(written.encode(small))
        output.mux(written.encode())
    shorter = f", its first {_SECONDS} seconds" if cut else ""
    return f"A preview of {width}x{height} pixels{shorter}, without sound."


def _whole(frames: Iterator[av.VideoFrame]) -> Iterator[av.VideoFrame]:
    """Yields the frames up to the first damaged one."""
    while True:
        try:
            yield next(frames)
        except (StopIteration, av.FFmpegError):
            return


def _upright(frame: av.VideoFrame, orientation: Orientation, width: int, height: int) -> av.VideoFrame:
    """Returns the frame turned upright, in this size."""
    if orientation.as_stored:
        return frame.reformat(width, height, "yuv420p")
    stored = frame.reformat(*orientation.shown_size(width, height), "rgb24")
    return av.VideoFrame.from_ndarray(orientation.turn(stored.to_ndarray()), "rgb24").reformat(format="yuv420p")


def _fit(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, _SIDE / min(width, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


if __name__ == "__main__":
    print(write_preview(*sys.argv[1:3]))  # noqa: T201 (for the process that started this one)
