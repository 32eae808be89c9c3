"""Reads what a video's container declares, without decoding a frame. Does not import TensorFlow."""

import dataclasses
import os
from fractions import Fraction

import av.container
import av.video.stream

from components.video_decoding.container import open_video

_MICROSECONDS = 1_000_000
# Values beyond these come from damaged headers.
_MAX_SIDE = 1 << 16
_MAX_FPS = 10_000
_MAX_DURATION_S = 30 * 24 * 3600


@dataclasses.dataclass(frozen=True, kw_only=True)
class VideoClaims:
    """What the container declares, named as in the video example; 0 where it declares nothing plausible.

    Attributes:
        width: pixels as coded, before any rotation.
        height: pixels as coded.
        fps: frames per second, on average.
        frame_count_claimed: only a hint, often wrong.
        duration_s: seconds.
        codec: FFmpeg's name of the codec, not of the decoder: `av1`, `h264`.
    """

    width: int
    height: int
    fps: float
    frame_count_claimed: int
    duration_s: float
    codec: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class VideoHeader(VideoClaims):
    """The claims and further fields of the header.

    Attributes:
        container: FFmpeg's name of the container format.
        pixel_format: FFmpeg's name; empty if it is not known.
    """

    container: str
    pixel_format: str


def read_header(path: str) -> VideoHeader:
    """Opens a local file and reads its header.

    Raises:
        VideoError: as `open_video`.
    """
    with open_video(path) as (container, stream):
        context = stream.codec_context
        return VideoHeader(
            width=int(_believable(context.width, _MAX_SIDE)),
            height=int(_believable(context.height, _MAX_SIDE)),
            fps=_believable(stream.average_rate or stream.guessed_rate, _MAX_FPS),
            # Each frame takes at least one byte.
            frame_count_claimed=int(_believable(stream.frames, os.path.getsize(path))),
            duration_s=_believable(_duration_s(container, stream), _MAX_DURATION_S),
            codec=_codec_name(stream),
            container=container.format.name,
            # Not `pix_fmt`, which crashes if the format is not known.
            pixel_format=context.format.name if context.format else "",
        )


def _duration_s(container: av.container.InputContainer, stream: av.video.stream.VideoStream) -> Fraction | float | None:
    if stream.duration is not None and stream.time_base is not None:
        return stream.duration * stream.time_base
    return None if container.duration is None else container.duration / _MICROSECONDS


def _codec_name(stream: av.video.stream.VideoStream) -> str:
    codec = stream.codec_context.codec
    return getattr(codec, "canonical_name", None) or codec.name


def _believable(claim: Fraction | float | None, maximum: float) -> float:
    return float(claim) if claim is not None and 0 <= claim <= maximum else 0.0
