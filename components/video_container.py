"""Opening encoded videos. Without TensorFlow, which a process that only decodes has no need of."""

import contextlib
from collections.abc import Iterator
from typing import Final

import av
import av.container
import av.error
import av.stream
import av.video.stream

from components.quarantine import Reason, VideoError

MAX_PIXELS: Final = 8192 * 8192
"""Pixels of the largest frame that is decoded; FFmpeg allocates no larger one."""


@contextlib.contextmanager
def open_video(path: str) -> Iterator[tuple[av.container.InputContainer, av.video.stream.VideoStream]]:
    """Opens a local file and picks its video stream, decoded by one thread.

    Raises:
        VideoError: `unreadable_container`, `no_video_stream`, `unsupported_codec` or `too_large`.
    """
    try:
        # Tags are in whatever encoding their writer had; none of them is needed.
        container = av.open(path, metadata_errors="replace")
    except (av.error.FFmpegError, OSError) as error:
        raise VideoError(Reason.UNREADABLE_CONTAINER, str(error)) from error
    with container:
        stream = next((video for video in container.streams.video if not _is_cover_picture(video)), None)
        if stream is None:
            raise VideoError(Reason.NO_VIDEO_STREAM, f"{len(container.streams)} streams, none of them video")
        if stream.codec_context is None:
            raise VideoError(Reason.UNSUPPORTED_CODEC, "no decoder for the video stream")
        width, height = stream.codec_context.width, stream.codec_context.height
        if width * height > MAX_PIXELS:
            raise VideoError(Reason.TOO_LARGE, f"frames of {width}x{height} pixels, more than {MAX_PIXELS}")
        # The size may also change within the stream.
        stream.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
        # One worker a core does better than several threads a video.
        stream.codec_context.thread_count = 1
        yield container, stream


def _is_cover_picture(stream: av.video.stream.VideoStream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)
