"""Opening encoded videos. Without TensorFlow, which a process that only decodes has no need of."""

import contextlib
from collections.abc import Iterator

import av
import av.container
import av.error
import av.stream
import av.video.stream

from components.quarantine import Reason, VideoError


@contextlib.contextmanager
def open_video(path: str) -> Iterator[tuple[av.container.InputContainer, av.video.stream.VideoStream]]:
    """Opens a local file and picks its video stream, decoded by one thread.

    Raises:
        VideoError: `unreadable_container`, `no_video_stream` or `unsupported_codec`.
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
        # One worker a core does better than several threads a video.
        stream.codec_context.thread_count = 1
        yield container, stream


def _is_cover_picture(stream: av.video.stream.VideoStream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)
