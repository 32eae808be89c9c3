"""Decodes a video in sequence from its first frame: the reference that any shortcut must match."""

import itertools
from collections.abc import Generator, Iterable, Iterator, Sequence
from fractions import Fraction

import av.error
import av.packet
import av.video.codeccontext
import av.video.frame
import numpy as np

from components.video_decoding.container import open_video
from components.video_decoding.crop import Cropper
from components.video_decoding.decoded_frames import DecodedFacts, FramesByWindow, TakenFrames
from components.video_decoding.frame_choice import ChosenFrames
from components.video_decoding.limits import notes_of
from components.video_decoding.orientation import Orientations
from components.video_decoding.packets import read_packets
from components.video_decoding.times import rising_times


def decode_in_sequence(
    path: str,
    chosen: Sequence[ChosenFrames],
    cropper: Cropper,
    *,
    times_s: np.ndarray | None = None,
    to_the_end: bool = True,
) -> Generator[TakenFrames, None, DecodedFacts]:
    """Takes frames by their positions among the undamaged frames, in the decoder's output order.

    Yields those of each window as soon as it has them, if their times are known by then: the only window's are at the
    end, since a later frame may still put the times of all of them in doubt.

    Args:
        path: path of a local file.
        chosen: the frames.
        cropper: keeps the frames.
        times_s: float64 [n], when each frame is shown, if a run before has told.
        to_the_end: whether to decode all frames, or only up to the last wanted one.

    Raises:
        VideoError: as `open_video`.
    """
    windows = FramesByWindow(chosen)
    in_order = True
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
            time = _seconds(frame.pts, start, stream.time_base)
            in_order = in_order and _rises(times, time)
            times.append(time)
            if frame.key_frame:
                keyframes.append(position)
            # Without times that rise, several windows are placed by another run, which knows them all.
            if windows.wants(position) and (times_s is not None or in_order or len(chosen) == 1):
                known = times_s[position] if times_s is not None and position < len(times_s) else time
                windows.add(position, cropper.keep(frame, orientation), known)
                if times_s is not None or len(chosen) > 1:
                    yield from windows.complete()
            if not windows.remaining and not to_the_end:
                break
        risen = rising_times(times, stream.average_rate or stream.guessed_rate) if times else np.zeros(0)
        notes = notes_of(path, stream)
    for taken in windows.rest():
        yield taken._replace(times_s=risen[list(taken.positions)])
    return DecodedFacts(risen, in_order, keyframes, truncated, notes)


def _rises(times: Sequence[float | None], time: float | None) -> bool:
    return time is not None and (not times or (times[-1] is not None and times[-1] < time))


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
