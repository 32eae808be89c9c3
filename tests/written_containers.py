"""Writes files with any muxer, codec and streams, and opens them."""

import contextlib
import pathlib
from collections.abc import Iterator

import av
import numpy as np
import pytest

from components.video_decoding.container import open_video
from components.video_errors import Reason, VideoError

# Extension and muxer, encoder, pixel format, and size, where it matters.
CONTAINERS = [
    ("mp4", "mp4", "libx264", "yuv420p", (96, 64)),
    ("mov", "mov", "prores_ks", "yuv422p10le", (96, 64)),
    ("3gp", "3gp", "h263", "yuv420p", (176, 144)),
    ("mkv", "matroska", "libx265", "yuv420p", (96, 64)),
    ("webm", "webm", "libvpx-vp9", "yuv420p", (96, 64)),
    ("avi", "avi", "mpeg4", "yuv420p", (96, 64)),
    ("ts", "mpegts", "mpeg2video", "yuv420p", (96, 64)),
    ("vob", "vob", "mpeg2video", "yuv420p", (96, 64)),
    ("mpg", "mpeg", "mpeg2video", "yuv420p", (96, 64)),
    ("flv", "flv", "flv", "yuv420p", (96, 64)),
    ("wmv", "asf", "wmv2", "yuv420p", (96, 64)),
    ("ogv", "ogg", "libvpx", "yuv420p", (96, 64)),
    ("mxf", "mxf", "mpeg2video", "yuv420p", (720, 576)),
    ("rm", "rm", "rv20", "yuv420p", (176, 144)),
    ("dv", "dv", "dvvideo", "yuv411p", (720, 480)),
    ("nut", "nut", "ffv1", "yuv420p", (96, 64)),
    ("wtv", "wtv", "mpeg2video", "yuv420p", (96, 64)),
    ("swf", "swf", "flv", "yuv420p", (96, 64)),
    ("264", "h264", "libx264", "yuv420p", (96, 64)),
    ("265", "hevc", "libx265", "yuv420p", (96, 64)),
    ("m4v", "m4v", "mpeg4", "yuv420p", (96, 64)),
    ("m2v", "mpeg2video", "mpeg2video", "yuv420p", (96, 64)),
    ("h263", "h263", "h263", "yuv420p", (176, 144)),
    ("ivf", "ivf", "libvpx", "yuv420p", (96, 64)),
    ("obu", "obu", "libsvtav1", "yuv420p", (96, 64)),
    ("mjpeg", "mjpeg", "mjpeg", "yuvj420p", (96, 64)),
    ("y4m", "yuv4mpegpipe", "wrapped_avframe", "yuv420p", (96, 64)),
    ("gif", "gif", "gif", "rgb8", (96, 64)),
    ("png", "apng", "apng", "rgb24", (96, 64)),
    ("avif", "avif", "libsvtav1", "yuv420p", (96, 64)),
]


def write(
    path: pathlib.Path,
    *streams: tuple[tuple[int, int], int, str, str],
    muxer: str,
    codec: str = "mpeg4",
    pixels: str = "yuv420p",
) -> pathlib.Path:
    """Writes streams, each given as (size, frames, disposition, optional codec)."""
    with av.open(str(path), "w", format=muxer, options={"strict": "-1"}) as container:
        added = []
        for (width, height), _, disposition, own_codec in streams:
            stream = container.add_stream(own_codec or codec, rate=10)
            stream.width, stream.height = width, height
            stream.pix_fmt = "yuvj420p" if own_codec == "mjpeg" else pixels
            stream.disposition = getattr(av.stream.Disposition, disposition or "default")
            if not disposition:
                stream.disposition = 0
            added.append(stream)
        for (size, frames, _, _), stream in zip(streams, added, strict=True):
            for number in range(frames):
                picture = np.full((size[1], size[0], 3), 20 * number % 256, np.uint8)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            container.mux(stream.encode())
    return path


@contextlib.contextmanager
def refused(reason: Reason, detail: str = "") -> Iterator[None]:
    with pytest.raises(VideoError) as raised:
        yield
    assert raised.value.reason is reason
    assert detail in raised.value.detail


def opened(path: pathlib.Path) -> int:
    """The index of the stream that is picked."""
    with open_video(str(path)) as (_, stream):
        return stream.index
