"""Decodes a video in sequence from its first frame: the reference that any shortcut must match."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import av.error
import av.packet
import av.video.codeccontext
import av.video.frame
import numpy as np

from components.video_decoding.container import open_video
from components.video_decoding.crop import Cropper
from components.video_decoding.decoded_frames import DecodedFrames
from components.video_decoding.limits import notes_of
from components.video_decoding.orientation import Orientations
from components.video_decoding.packets import read_packets
from components.video_decoding.times import rising_times


def decode_in_sequence(path: str, wanted: Sequence[int], cropper: Cropper, *, to_the_end: bool) -> DecodedFrames:
    """Takes the frames at the wanted positions among the undamaged frames, in the decoder's output order.

    Args:
        path: path of a local file.
        wanted: positions, ascending.
        cropper: keeps the frames.
        to_the_end: whether to decode all frames, or only up to the last wanted one.

    Raises:
        VideoError: as `open_video`.
    """
    remaining = set(wanted)
    kept: list[Any] = []
    taken: list[int] = []
    keyframes: list[int] = []
    times: list[float | None] = []
    truncated = False
    orientations = Orientations()
    with open_video(path) as (container, stream):
        start = stream.start_time or 0
        for frame in _frames(stream.codec_context, itertools.chain(read_packets(container, stream), [None])):
            if frame is None or frame.is_corrupt:
                truncated = True
                continue
            position = len(times)
            orientation = orientations.of(frame)
            if position in remaining:
                remaining.discard(position)
                kept.append(cropper.keep(frame, orientation))
                taken.append(position)
            if frame.key_frame:
                keyframes.append(position)
            times.append(_seconds(frame.pts, start, stream.time_base))
            if not remaining and not to_the_end:
                break
        risen = rising_times(times, stream.average_rate or stream.guessed_rate) if times else np.zeros(0)
        notes = notes_of(path, stream)
    return DecodedFrames(kept, risen[taken], len(times), keyframes, truncated, notes)


def _frames(
    context: av.video.codeccontext.VideoCodecContext, packets: Iterable[av.packet.Packet | None]
) -> Iterator[av.video.frame.VideoFrame | None]:
    """Decodes packets, yielding None for one that cannot be decoded; a packet of None drains the decoder."""
    for packet in packets:
        try:
            yield from context.decode(packet)
        # PyAV's MemoryError is an FFmpegError, too, but says nothing about the video.
        except MemoryError:
            raise
        except av.error.FFmpegError:
            yield None


def _seconds(pts: int | None, start: int, time_base: Fraction | None) -> float | None:
    return None if pts is None or time_base is None else float((pts - start) * time_base)
