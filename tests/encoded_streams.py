"""Small encoded streams, and files of them with wrong flags, times or packets."""

import functools
import io
import pathlib
from collections.abc import Callable, Sequence

import av
import numpy as np
from drawn_frames import moving_shapes

WIDTH, HEIGHT = 96, 64
_X264 = {"preset": "veryfast", "b_strategy": "0", "sc_threshold": "0"}
STREAMS = {
    "h264": ("libx264", {**_X264, "g": "8", "bf": "0"}),
    "h264-b": ("libx264", {**_X264, "g": "12", "bf": "2"}),
    "h264-pyramid": ("libx264", {**_X264, "g": "16", "bf": "4", "x264-params": "b-pyramid=normal"}),
    "h264-open": ("libx264", {**_X264, "g": "10", "bf": "2", "x264-params": "open-gop=1"}),
    "h264-long": ("libx264", {**_X264, "g": "250", "bf": "3"}),
    "h264-fields": ("libx264", {**_X264, "g": "12", "bf": "2", "x264-params": "interlaced=1"}),
    "h264-refresh": ("libx264", {**_X264, "g": "12", "x264-params": "intra-refresh=1"}),
    "h264-cavlc": ("libx264", {**_X264, "g": "8", "bf": "1", "x264-params": "cabac=0:chroma-qp-offset=6"}),
    "hevc": ("libx265", {"preset": "ultrafast", "x265-params": "keyint=10:bframes=3:log-level=none:pools=1"}),
    "hevc-closed": (
        "libx265",
        {"preset": "ultrafast", "x265-params": "keyint=10:bframes=2:open-gop=0:log-level=none:pools=1"},
    ),
    "mpeg4": ("mpeg4", {"g": "8", "bf": "0"}),
    "mpeg4-b": ("mpeg4", {"g": "12", "bf": "2"}),
    "mpeg2": ("mpeg2video", {"g": "9", "bf": "2"}),
    "h263": ("h263p", {"g": "8"}),
    "vp8": ("libvpx", {"g": "10", "deadline": "realtime", "cpu-used": "8", "auto-alt-ref": "1", "lag-in-frames": "8"}),
    "vp9": ("libvpx-vp9", {"g": "10", "deadline": "realtime", "cpu-used": "8", "lag-in-frames": "8"}),
    "mjpeg": ("mjpeg", {}),
}
"""Encoders and their options by a name."""

Tamper = Callable[[list[av.Packet], np.random.Generator], list[av.Packet]]


@functools.cache
def encoded(name: str, frames: int = 50) -> bytes:
    """Returns a stream of `STREAMS` in a NUT file, which preserves all flags and times of the encoder."""
    codec, options = STREAMS[name]
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="nut") as container:
        stream = container.add_stream(codec, rate=25, options=options)
        stream.width, stream.height = WIDTH, HEIGHT
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.thread_count = 1
        for image in moving_shapes(frames, WIDTH, HEIGHT, seed=len(name)):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode())
    return buffer.getvalue()


def write_tampered(path: pathlib.Path, names: Sequence[str], tamper: Tamper, generator: np.random.Generator) -> str:
    """Joins the packets of streams, tampers with them and writes them to a file with the header of the first stream.

    Raises:
        av.FFmpegError: if the container cannot hold such packets.
    """
    sources = [av.open(io.BytesIO(encoded(name))) for name in names]
    with av.open(str(path), "w") as target:
        stream = target.add_stream_from_template(sources[0].streams.video[0])
        packets: list[av.Packet] = []
        for source in sources:
            start = len(packets)
            for packet in source.demux(video=0):
                if packet.size:
                    packet.pts = packet.pts + start if packet.pts is not None else None
                    packets.append(packet)
        for index, packet in enumerate(tamper(packets, generator)):
            # Decoding times that are never later than the presentation times.
            packet.dts = index
            packet.pts = None if packet.pts is None else packet.pts + 20
            packet.stream = stream
            target.mux(packet)
    return str(path)


def as_it_is(packets: list[av.Packet], generator: np.random.Generator) -> list[av.Packet]:
    """Changes nothing."""
    return packets


def all_keyframes(packets: list[av.Packet], generator: np.random.Generator) -> list[av.Packet]:
    """Flags every packet as a keyframe."""
    for packet in packets:
        packet.is_keyframe = True
    return packets


def some_keyframes(packets: list[av.Packet], generator: np.random.Generator) -> list[av.Packet]:
    """Flags random packets as keyframes."""
    for packet in packets:
        packet.is_keyframe = bool(generator.integers(2))
    return packets


def guessed_times(packets: list[av.Packet], generator: np.random.Generator) -> list[av.Packet]:
    """Sets presentation times in decoding order."""
    for index, packet in enumerate(packets):
        packet.pts = index
    return packets


def shuffled_times(packets: list[av.Packet], generator: np.random.Generator) -> list[av.Packet]:
    """Swaps the times of some nearby packets."""
    times = [packet.pts for packet in packets]
    for first in generator.choice(len(times) - 3, 5, replace=False):
        times[first], times[first + 2] = times[first + 2], times[first]
    for packet, time in zip(packets, times, strict=True):
        packet.pts = time
    return packets


def overlapping_times(packets: list[av.Packet], generator: np.random.Generator) -> list[av.Packet]:
    """Makes the second half begin before the first one ends."""
    for packet in packets[len(packets) // 2 :]:
        packet.pts -= int(generator.integers(1, 20))
    return packets


def lost_packets(packets: list[av.Packet], generator: np.random.Generator) -> list[av.Packet]:
    """Drops some packets."""
    lost = set(generator.choice(np.arange(1, len(packets)), 3, replace=False).tolist())
    return [packet for index, packet in enumerate(packets) if index not in lost]


def late_start(packets: list[av.Packet], generator: np.random.Generator) -> list[av.Packet]:
    """Drops the first packets."""
    return packets[int(generator.integers(1, 12)) :]


def twice(packets: list[av.Packet], generator: np.random.Generator) -> list[av.Packet]:
    """Gives two packets the same time."""
    first = int(generator.integers(1, len(packets)))
    packets[first].pts = packets[first - 1].pts
    return packets


TAMPERS = (
    as_it_is,
    all_keyframes,
    some_keyframes,
    guessed_times,
    shuffled_times,
    overlapping_times,
    lost_packets,
    late_start,
    twice,
)
