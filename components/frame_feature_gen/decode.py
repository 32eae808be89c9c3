"""Decodes the sampled frames of one video."""

import dataclasses
from collections.abc import Iterator, Sequence
from fractions import Fraction

import av.container
import av.error
import av.packet
import av.video.frame
import av.video.stream
import cv2
import numpy as np

from components.frame_feature_gen.crop import center_square
from components.frame_feature_gen.sampling import Sampling, sample_positions
from components.quarantine import Reason, VideoError
from components.video_files import open_video

# By how much a player turns the frame, in degrees and counter-clockwise, as the display matrix has it.
_ROTATIONS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}


@dataclasses.dataclass(frozen=True)
class Clip:
    """The sampled frames of one video.

    Attributes:
        frames: uint8 [n, size, size, 3] RGB, n at least 1, in order of presentation.
        timestamps_s: float32 [n], seconds since the start of the video stream.
    """

    frames: np.ndarray
    timestamps_s: np.ndarray


def decode_clip(path: str, *, sampling: Sampling, frames: int, size: int) -> Clip:
    """Decodes at most `frames` frames of the local file `path`, cropped to their centre square.

    The positions are found from the packets, since the frame count a container claims is only a hint; where
    fewer frames than packets can be decoded, the count of the decoded ones decides.

    Raises:
        VideoError: if nothing can be decoded.
    """
    count = _count_packets(path)
    while True:
        wanted = sample_positions(sampling, count, frames)
        clip, decoded = _decode_positions(path, wanted, size)
        if len(clip.frames) == len(wanted) and decoded:
            return clip
        if not decoded:
            raise VideoError(Reason.NO_FRAMES, f"no frame could be decoded from {count} packets")
        count = decoded


def _count_packets(path: str) -> int:
    with open_video(path) as (container, stream):
        return sum(1 for packet in _packets(container, stream) if packet.size)


def _decode_positions(path: str, wanted: Sequence[int], size: int) -> tuple[Clip, int]:
    """Decodes up to the last wanted position; gives what was found there and how many frames came by."""
    remaining = set(wanted)
    crops, timestamps, decoded = [], [], 0
    with open_video(path) as (container, stream):
        start = stream.start_time or 0
        for frame in _frames(container, stream):
            if decoded in remaining:
                remaining.discard(decoded)
                crops.append(_to_rgb_square(frame, size))
                timestamps.append(_seconds(frame.pts, start, stream.time_base))
            decoded += 1
            if not remaining:
                break
    stacked = np.stack(crops) if crops else np.zeros((0, size, size, 3), np.uint8)
    return Clip(stacked, np.asarray(timestamps, np.float32)), decoded


def _seconds(pts: int | None, start: int, time_base: Fraction | None) -> float:
    return 0.0 if pts is None or time_base is None else float((pts - start) * time_base)


def _to_rgb_square(frame: av.video.frame.VideoFrame, size: int) -> np.ndarray:
    # BT.601 whatever the file declares: so OpenCV reads it, and so the encoder's training images were made.
    pixels = frame.to_ndarray(format="bgr24", src_colorspace="ITU601", dst_colorspace="ITU601")
    square = center_square(pixels, size)
    rotation = frame.rotation % 360
    if rotation in _ROTATIONS:
        square = cv2.rotate(square, _ROTATIONS[rotation])
    return cv2.cvtColor(square, cv2.COLOR_BGR2RGB)


def _frames(
    container: av.container.InputContainer, stream: av.video.stream.VideoStream
) -> Iterator[av.video.frame.VideoFrame]:
    for packet in _packets(container, stream):
        try:
            yield from packet.decode()
        except av.error.FFmpegError:
            # A damaged packet costs its own frames only.
            continue


def _packets(container: av.container.InputContainer, stream: av.video.stream.VideoStream) -> Iterator[av.packet.Packet]:
    try:
        yield from container.demux(stream)
    except av.error.FFmpegError:
        # A file that ends early gives what came before.
        return
