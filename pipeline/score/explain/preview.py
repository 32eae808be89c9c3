"""Run with VIDEO, PREVIEW and SECONDS: writes a small mp4 of a minute from there on, and prints what it is as JSON."""

import fractions
import itertools
import json
import sys
from collections.abc import Iterator
from typing import Any, Final

import av

from components.clock import as_clock
from components.video_decoding.container import open_video
from components.video_decoding.orientation import Orientation, Orientations

_SECONDS: Final = 60
_SIDE: Final = 480
_BIT_RATE: Final = 800_000
_FPS: Final = 30
_MILLISECOND: Final = fractions.Fraction(1, 1000)


def write_preview(source: str, target: str, start_s: float = 0.0) -> dict[str, Any]:
    """Writes an upright H.264 mp4 without sound, its shorter side at most 480 pixels.

    Args:
        source: the video.
        target: the preview.
        start_s: where it starts, or at the start if there is no frame after that.

    Returns:
        `note`, a description; `start_s` and `end_s`, the part of the video that it is of.

    Raises:
        VideoError: if the video cannot be opened.
        av.FFmpegError: if its first frame cannot be decoded.
    """
    with open_video(source) as (container, stream), av.open(target, "w", format="mp4") as output:
        frames = container.decode(stream)
        first = _first(container, stream, start_s) or next(frames)
        # Not of `first` later on, which may be given other times below.
        began = first.time or 0.0
        orientations = Orientations()
        width, height = _fit(*orientations.of(first).shown_size(first.width, first.height))
        written = output.add_stream("libx264", rate=_FPS, options={"preset": "veryfast", "threads": "1"})
        written.width, written.height, written.pix_fmt = width, height, "yuv420p"
        written.bit_rate = _BIT_RATE
        written.codec_context.time_base = _MILLISECOND
        frame_ms = max(1, round(1000 / (stream.average_rate or _FPS)))
        last, cut = -1, False
        for frame in itertools.chain([first], _whole(frames)):
            milliseconds = round(1000 * ((frame.time or 0.0) - began))
            # Players expect increasing timestamps.
            last = milliseconds if milliseconds > last else last + frame_ms
            if last >= 1000 * _SECONDS:
                cut = True
                break
            small = _upright(frame, orientations.of(frame), width, height)
            small.pts, small.time_base = last, _MILLISECOND
            output.mux(written.encode(small))
        output.mux(written.encode())
        start_s = max(began - _start_of(stream), 0.0)
    shorter = f", its first {_SECONDS} seconds" if cut else ""
    part = f", {as_clock(start_s)} to {as_clock(start_s + last / 1000)}" if start_s >= 1 else shorter
    note = f"A preview of {width}x{height} pixels{part}, without sound."
    return {"note": note, "start_s": start_s, "end_s": start_s + last / 1000 + frame_ms / 1000}


def _first(container: av.container.InputContainer, stream: av.VideoStream, start_s: float) -> av.VideoFrame | None:
    """Returns the first frame from a time on, in seconds since the start; None if decoding begins at the start.

    It does if no frame has such a time, as in files without times, or if the file cannot be searched.
    """
    if not start_s or not stream.time_base:
        return None
    try:
        container.seek(round((start_s + _start_of(stream)) / stream.time_base), stream=stream)
        for frame in container.decode(stream):
            if frame.time is not None and frame.time - _start_of(stream) >= start_s:
                return frame
    except av.FFmpegError:
        pass
    container.seek(0)
    return None


def _start_of(stream: av.VideoStream) -> float:
    return float((stream.start_time or 0) * (stream.time_base or 0))


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
    given_source, given_target, given_start = sys.argv[1:4]
    written = write_preview(given_source, given_target, float(given_start))
    print(json.dumps(written))  # noqa: T201 (for the process that started this one)
